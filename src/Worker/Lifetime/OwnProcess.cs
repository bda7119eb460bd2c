using System.Diagnostics;
using System.Runtime.InteropServices;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Launch;

namespace MultiProc.Worker.Lifetime;

/// <summary>The settings of the worker's own process in the operating system.</summary>
internal static partial class OwnProcess
{
    private const int SetParentDeathSignal = 1;
    private const int SetName = 15;
    private const int SignalKill = 9;
    private const int SignalContinue = 18;

    private static bool _leadsGroup;
    private static bool _isDebugged;
    private static int _parent;

    /// <summary>Prepares the process. On the main thread, before any user code.</summary>
    /// <param name="kind">The prefix of the worker's name in the process's name.</param>
    /// <param name="name">The worker's name.</param>
    public static void Prepare(string kind, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A process group of its own: Ctrl-C in the terminal reaches the host alone, and the worker can kill everything
        // that it has started.
        _leadsGroup = setpgid(0, 0) == 0;
        if (OperatingSystem.IsLinux())
        {
            _ = prctl(SetName, $"{kind}:{name}", 0, 0, 0);

            // A worker that is stopped when the host dies gets SIGCONT, so that it can see the end of the pipe and
            // exit. The signal is sent when the thread ends that started this process; the host keeps that thread as
            // long as the pool.
            _parent = getppid();
            _ = prctl(SetParentDeathSignal, SignalContinue, 0, 0, 0);
        }
    }

    /// <summary>
    /// Sets the parent-death signal to SIGKILL while a debugger is attached. A worker at a breakpoint neither sees the
    /// end of its host nor resumes when the debugger dies with the host. On the main thread, before any code in which a
    /// debugger may stop.
    /// </summary>
    public static void FollowDebugger()
    {
        if (Debugger.IsAttached != _isDebugged && OperatingSystem.IsLinux())
        {
            _isDebugged = !_isDebugged;
            _ = prctl(SetParentDeathSignal, _isDebugged ? SignalKill : SignalContinue, 0, 0, 0);
            if (getppid() != _parent)
            {
                // The host ended before the signal was requested.
                KillSelf(controlPipe: null);
            }
        }
    }

    /// <summary>Renames the process. On any thread. (prctl would rename the calling thread only.)</summary>
    public static void Rename(string kind, string name)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/comm", $"{kind}:{name}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Without /proc the old name stays. Only people read it.
            }
        }
    }

    /// <summary>
    /// Kills this process and everything that it has started, at once and without running any handlers, because the
    /// host is gone. Deletes the files that the host would have deleted if it had not been killed.
    /// </summary>
    public static void KillSelf(string? controlPipe)
    {
        if (OperatingSystem.IsWindows())
        {
            Process.GetCurrentProcess().Kill(entireProcessTree: true);
        }
        else
        {
            try
            {
                DiagnosticFiles.Delete(Environment.ProcessId);
                if (controlPipe is not null)
                {
                    ControlAddress.RemoveAfterHost(controlPipe);
                }
            }
            finally
            {
                // In any case: an orphan must never live on.
                _ = kill(_leadsGroup ? 0 : Environment.ProcessId, SignalKill);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int setpgid(int pid, int group);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint argument, nint unused3, nint unused4, nint unused5);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int prctl(int option, string argument, nint unused3, nint unused4, nint unused5);
}
