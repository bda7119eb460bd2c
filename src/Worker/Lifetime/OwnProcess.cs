using System.Diagnostics;
using System.Runtime.InteropServices;
using MultiProc.Boundary;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Launch;

namespace MultiProc.Worker.Lifetime;

/// <summary>What a worker asks of the operating system about itself.</summary>
internal static partial class OwnProcess
{
    private const int SetParentDeathSignal = 1;
    private const int SetName = 15;
    private const int SignalKill = 9;
    private const int SignalContinue = 18;

    private static bool _leadsGroup;
    private static bool _isDebugged;
    private static int _parent;

    /// <summary>On the main thread, before any user code.</summary>
    /// <param name="kind">What stands before the worker's name in the process's name.</param>
    /// <param name="name">The worker's name.</param>
    public static void Prepare(string kind, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A group of its own: Ctrl-C in the terminal reaches the host alone, and the worker can end all it has started.
        _leadsGroup = setpgid(0, 0) == 0;
        if (OperatingSystem.IsLinux())
        {
            _ = prctl(SetName, Utf8Text.EncodeTerminated($"{kind}:{name}"), 0, 0, 0);

            // A worker that is stopped when the host dies is continued, so that it can see the pipe end and leave. The signal comes when the thread ends that
            // started this process; the host keeps that one as long as the pool.
            _parent = getppid();
            _ = prctl(SetParentDeathSignal, SignalContinue, 0, 0, 0);
        }
    }

    /// <summary>
    /// On the main thread, before anything that a debugger may stop in: a worker that stands at a breakpoint does not see the end of its host, and does not come to
    /// itself when the debugger is killed, too. So the kernel ends it with the host, as long as a debugger is attached.
    /// </summary>
    public static void FollowDebugger()
    {
        if (Debugger.IsAttached != _isDebugged && OperatingSystem.IsLinux())
        {
            _isDebugged = !_isDebugged;
            _ = prctl(SetParentDeathSignal, _isDebugged ? SignalKill : SignalContinue, 0, 0, 0);
            if (getppid() != _parent)
            {
                // The host ended before it was asked for.
                KillSelf(controlPipe: null);
            }
        }
    }

    /// <summary>On any thread: the process has another name from now on. (prctl would name the calling thread only.)</summary>
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
                // Without /proc it keeps its old name, which nothing but a reader's eye depends on.
            }
        }
    }

    /// <summary>
    /// The host is gone: end this process and all that it has started, at once and without running anybody's handlers. What the host would have removed itself,
    /// had it not been killed, is removed here.
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
                // Whatever happens: an orphan that lives on is the one thing that must not be.
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

    [LibraryImport("libc")]
    private static partial int prctl(int option, byte[] argument, nint unused3, nint unused4, nint unused5);
}
