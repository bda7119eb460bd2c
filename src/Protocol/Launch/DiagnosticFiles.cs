namespace MultiProc.Protocol.Launch;

/// <summary>
/// The files that the runtime keeps in the temp directory for debuggers and diagnostic tools, and deletes when it exits - unless it is killed.
/// Whoever kills a worker deletes them.
/// </summary>
internal static class DiagnosticFiles
{
    public static void Delete(int processId)
    {
        if (OperatingSystem.IsWindows())
        {
            // There they are named pipes, which vanish with the process.
            return;
        }

        try
        {
            foreach (var pattern in (ReadOnlySpan<string>)[$"clr-debug-pipe-{processId}-*", $"dotnet-diagnostic-{processId}-*"])
            {
                foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), pattern))
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Litter that somebody else guards stays, and does no harm; and the directory itself may be gone.
        }
    }
}
