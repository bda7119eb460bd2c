using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>A worker that is ready for calls, as the supervisor sees it: a process, or a test's fake.</summary>
internal interface IWorker : ICallRunner
{
    int ProcessId { get; }

    /// <summary>Completes when the worker has ended and its results and status have been processed.</summary>
    Task<RunnerExit> Ended { get; }

    /// <summary>The time from the start of its process until it was connected.</summary>
    TimeSpan Starting { get; }

    /// <summary>The time that its initializer took.</summary>
    TimeSpan Initializing { get; }

    /// <summary>The time since it became ready.</summary>
    TimeSpan Age { get; }

    /// <summary>Whether it was asked to shut down. Its end is no loss then.</summary>
    bool IsShuttingDown { get; }

    /// <summary>
    /// Whether it has ended outside of a call and without having completed one. No call is to blame for that, but
    /// perhaps the worker itself.
    /// </summary>
    bool ExitedBeforeFirstCall { get; }

    /// <summary>
    /// Whether it has loaded another build than this process runs. Its end is no loss: its successor will be usable, or
    /// will not be started before the files are back.
    /// </summary>
    bool HasOtherBuild => false;

    long CallsCompleted { get; }

    TimeSpan ProcessorTime { get; }

    /// <summary>Looks whether a debugger is attached now, and remembers it. Costs system calls.</summary>
    bool LookForDebugger();

    /// <summary>
    /// Whether a debugger was attached, is no longer, and the worker has not responded since: it may have been left
    /// frozen.
    /// </summary>
    bool HasDebuggerDetached { get; }

    /// <summary>Whether the worker responds to a ping. It does whatever it is running, unless it is frozen.</summary>
    Task<bool> RespondsAsync(TimeSpan timeout);

    /// <summary>
    /// Informs the worker's owner that a debugger was attached or has gone. A worker at a breakpoint cannot see the end
    /// of this process, so the kernel has to kill it then.
    /// </summary>
    void OnDebuggerChanged(bool isAttached);

    /// <summary>Runs the warm-up call, so that the first real call is not slowed down by compilation.</summary>
    void WarmUp();

    /// <summary>Assigns a slot to a standby worker.</summary>
    void Promote(int slot);

    /// <summary>
    /// Asks the worker to shut down when its call has ended. If it has not within <paramref name="timeout"/>, it is
    /// terminated, unless it is being debugged.
    /// </summary>
    Task ShutDownAsync(TimeSpan timeout, HostClock clock);

    /// <summary>Kills the worker at once.</summary>
    void KillNow();
}
