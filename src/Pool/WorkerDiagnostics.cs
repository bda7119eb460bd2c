using MultiProc.Diagnostics;
using MultiProc.Workers;

namespace MultiProc;

/// <summary>Looks into processes, workers above all, from outside. All members are safe to call from any number of threads.</summary>
public static class WorkerDiagnostics
{
    /// <summary>Whether a debugger, managed or native, is attached to a process of this user. Known on Linux; elsewhere always false.</summary>
    /// <param name="processId">The process; one that does not exist has none.</param>
    public static bool IsDebuggerAttached(int processId) => DebuggerProbe.IsAttached(processId) == true;

    /// <summary>Whether a process is a worker that waits for a debugger (<see cref="WorkerDebugging.WaitForDebugger"/>). Known on Linux; elsewhere always false.</summary>
    /// <param name="processId">The process.</param>
    public static bool IsWaitingForDebugger(int processId) => DebuggerProbe.IsAwaited(processId);

    /// <summary>
    /// Where the managed threads of a .NET process of this user are: for each a heading and lines as in <see cref="Exception.StackTrace"/>, the main thread
    /// first. The process stands still for some tenths of a second, and runs on.
    /// </summary>
    /// <param name="processId">The process.</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="InvalidOperationException">From the task: it cannot be looked into - there is no such .NET process of this user, it is stopped, or a debugger is attached.</exception>
    /// <exception cref="OperationCanceledException">From the task: <paramref name="cancellationToken"/> was signalled first.</exception>
    public static Task<string> CaptureStacksAsync(int processId, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Stacks can be taken on Linux only. Attach a debugger to the process instead.");
        }

        return Directory.Exists($"/proc/{processId}")
            ? StackCapture.TakeAllAsync(processId, cancellationToken)
            : throw new InvalidOperationException($"There is no process {processId}.");
    }
}
