using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MultiProc.Protocol.Launch;

namespace MultiProc.Diagnostics;

/// <summary>
/// A probe, from outside, for a debugger that is attached to a process: a process that is stopped at a breakpoint
/// cannot respond, and the runtime's own flag stays set when the debugger dies.
/// </summary>
internal static partial class DebuggerProbe
{
    private const int MaxLink = 512;

    /// <summary>
    /// Whether the process is a worker that waits for a debugger: it has a thread with a certain name. Known on Linux
    /// only.
    /// </summary>
    public static bool IsAwaited(int processId)
    {
        try
        {
            return OperatingSystem.IsLinux() && Directory.EnumerateDirectories($"/proc/{processId}/task")
                .Any(static thread => File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == ProcessNames.WaitingThread);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or one of its threads has, during the check.
            return false;
        }
    }

    /// <summary>
    /// Whether a managed or native debugger is attached. Known on Linux only, elsewhere false. Null: the process has
    /// ended, or is about to, and its state cannot be seen any more.
    /// </summary>
    public static bool? IsAttached(int processId)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        if (HasDebugPipes(processId) || IsTraced(processId))
        {
            return true;
        }

        // The system closes the descriptors first. If they are still there, they were there during the check.
        return HasDescriptors(processId) ? false : null;
    }

    // While a managed debugger is connected, the runtime holds its two pipes open. A deleted pipe is left from an
    // earlier connection.
    private static bool HasDebugPipes(int processId)
    {
        try
        {
            var descriptors = $"/proc/{processId}/fd";
            if (!Directory.Exists(descriptors))
            {
                return false;
            }

            // The system call takes a tenth of the framework's time. Every worker is probed all the time.
            Span<byte> target = stackalloc byte[MaxLink];
            var pipe = Encoding.UTF8.GetBytes($"/clr-debug-pipe-{processId}-");
            foreach (var link in Directory.EnumerateFiles(descriptors))
            {
                var length = (int)Math.Max(0, readlink(link, target, target.Length));
                if (target[..length].IndexOf(pipe) >= 0 && !target[..length].EndsWith("(deleted)"u8))
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or its descriptors changed during the check.
            return false;
        }
    }

    private static bool HasDescriptors(int processId)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{processId}/fd").Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsTraced(int processId)
    {
        try
        {
            var status = $"/proc/{processId}/status";
            var line = !File.Exists(status) ? null : File.ReadLines(status).FirstOrDefault(static line => line.StartsWith("TracerPid:", StringComparison.Ordinal));
            return line is not null && int.Parse(line["TracerPid:".Length..], CultureInfo.InvariantCulture) != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlink(string path, Span<byte> target, nint length);
}
