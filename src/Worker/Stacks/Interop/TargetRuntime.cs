using System.Globalization;

namespace MultiProc.Worker.Stacks.Interop;

/// <summary>The .NET runtime in another process.</summary>
/// <param name="Directory">
/// The directory it was loaded from, which also contains the matching debugging library.
/// </param>
/// <param name="Address">The address it was loaded to.</param>
internal sealed record TargetRuntime(string Directory, nint Address)
{
    private const string Library = "libcoreclr.so";

    /// <exception cref="DebuggingException">The process has no runtime, or its runtime rejects debuggers.</exception>
    public static TargetRuntime Of(int processId)
    {
        if (!System.IO.Directory.EnumerateFiles(Path.GetTempPath(), $"clr-debug-pipe-{processId}-*-in").Any())
        {
            // Attaching would wait ten seconds for it.
            throw new DebuggingException(
                $"Process {processId} has no debugging pipe in {Path.GetTempPath()}: it has ended, is no .NET process, has another TMPDIR, "
                + "or runs with DOTNET_EnableDiagnostics=0.");
        }

        // The lines are sorted by address: "7f12a000-7f12b000 r--p 00000000 08:01 1234 /usr/share/.../libcoreclr.so".
        var line = File.ReadLines($"/proc/{processId}/maps").FirstOrDefault(static line => line.EndsWith('/' + Library, StringComparison.Ordinal))
            ?? throw new DebuggingException($"Process {processId} has no {Library} of its own: one that was compiled to a single native file cannot be looked into.");
        var path = line[line.IndexOf('/', StringComparison.Ordinal)..];
        var address = nint.Parse(line.AsSpan(0, line.IndexOf('-', StringComparison.Ordinal)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new TargetRuntime(Path.GetDirectoryName(path)!, address);
    }
}
