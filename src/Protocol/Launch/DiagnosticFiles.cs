namespace MultiProc.Protocol.Launch;

/// <summary>
/// The files that the runtime keeps in the temporary directory for debuggers and diagnostic tools. It deletes them when
/// it exits, unless it is killed; so the process that kills a worker deletes them.
/// </summary>
internal static class DiagnosticFiles
{
    public static void Delete(int processId)
    {
        if (OperatingSystem.IsWindows())
        {
            // On Windows they are named pipes, which disappear with the process.
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
            // A file that is protected stays, and does no harm. The directory itself may be gone.
        }
    }
}
