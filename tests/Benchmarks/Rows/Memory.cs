using System.Globalization;

namespace MultiProc.Benchmarks.Rows;

/// <summary>Physical memory as Linux accounts for it: what several processes share is divided among them (PSS).</summary>
internal static class Memory
{
    public static bool CanMeasure => OperatingSystem.IsLinux();

    public static double ProportionalMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(static line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
