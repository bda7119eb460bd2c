using System.Globalization;

namespace MultiProc.Benchmarks.Report;

/// <summary>Numbers as people read them: three digits that count.</summary>
internal static class Numbers
{
    public static string Text(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };
}
