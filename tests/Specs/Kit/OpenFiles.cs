namespace MultiProc.Specs.Kit;

/// <summary>The open files of this process.</summary>
internal static class OpenFiles
{
    /// <summary>How many there are of each kind that pools use.</summary>
    public static Dictionary<string, int> ByKind() =>
        Directory.EnumerateFiles("/proc/self/fd")
            .Select(KindOf)
            .OfType<string>()
            .GroupBy(static kind => kind)
            .ToDictionary(static kind => kind.Key, static kind => kind.Count());

    /// <summary>How many parts of shared memory are mapped.</summary>
    public static int MappedMemory() => File.ReadLines("/proc/self/maps").Count(static line => line.Contains("memfd:multiproc", StringComparison.Ordinal));

    private static string? KindOf(string descriptor)
    {
        try
        {
            var target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
            return target switch
            {
                _ when target.StartsWith("socket:", StringComparison.Ordinal) => "sockets",
                _ when target.StartsWith("pipe:", StringComparison.Ordinal) => "pipes",
                _ when target.StartsWith("memfd:multiproc", StringComparison.Ordinal) => "shared memory",
                _ => null,
            };
        }
        catch (IOException)
        {
            return null;
        }
    }
}
