using System.Globalization;
using MultiProc.Protocol.Launch;

namespace MultiProc.Diagnostics;

/// <summary>
/// Whether a debugger is attached to a process, seen from outside: a process that is stopped at a breakpoint cannot answer, and the runtime's own flag stays
/// up when the debugger dies.
/// </summary>
internal static class DebuggerProbe
{
    /// <summary>Whether the process is a worker that waits for a debugger: then it has a thread of that name. Known on Linux only.</summary>
    public static bool IsAwaited(int processId)
    {
        try
        {
            return OperatingSystem.IsLinux() && Directory.EnumerateDirectories($"/proc/{processId}/task")
                .Any(static thread => File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == ProcessNames.WaitingThread);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or one of its threads has, while we looked.
            return false;
        }
    }

    /// <summary>Managed and native debuggers on Linux; elsewhere not known, and false.</summary>
    public static bool IsAttached(int processId) => OperatingSystem.IsLinux() && (HasDebugPipes(processId) || IsTraced(processId));

    // While a managed debugger is connected the runtime holds its two pipes open. What was deleted is left from an earlier connection.
    private static bool HasDebugPipes(int processId)
    {
        try
        {
            var pipe = $"clr-debug-pipe-{processId}-";
            return Directory.EnumerateFiles($"/proc/{processId}/fd")
                .Select(static link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.Name)
                .Any(target => target is not null && target.StartsWith(pipe, StringComparison.Ordinal) && !target.EndsWith("(deleted)", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or its descriptors came and went while we looked.
            return false;
        }
    }

    private static bool IsTraced(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(static line => line.StartsWith("TracerPid:", StringComparison.Ordinal));
            return line is not null && int.Parse(line["TracerPid:".Length..], CultureInfo.InvariantCulture) != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
