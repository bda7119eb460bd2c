using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>A worker that is ready, as its supervisor sees it: a process, or a test's fake.</summary>
internal interface IWorker : ICallRunner
{
    int ProcessId { get; }

    /// <summary>Completes when it has ended and everything it left behind has been dealt with.</summary>
    Task<RunnerExit> Ended { get; }

    /// <summary>How long it took from the start of its process until it was connected.</summary>
    TimeSpan Starting { get; }

    /// <summary>How long its initializer took.</summary>
    TimeSpan Initializing { get; }

    /// <summary>How long it has been running.</summary>
    TimeSpan Age { get; }

    /// <summary>Whether it was asked to leave: its end is no loss.</summary>
    bool IsShuttingDown { get; }

    /// <summary>It has ended, not in a call and without having ended one: no call is to blame for that, but perhaps the worker itself.</summary>
    bool ExitedBeforeFirstCall { get; }

    /// <summary>It has loaded another build than this process runs. Its end is no loss; its successor will be of use, or will not be started before the files are back.</summary>
    bool HasOtherBuild => false;

    long CallsCompleted { get; }

    TimeSpan ProcessorTime { get; }

    /// <summary>Whether a debugger is attached now, which is remembered. Costs a look at the operating system.</summary>
    bool LookForDebugger();

    /// <summary>A debugger was attached and no longer is, and the worker has not answered since: it may have been left standing still.</summary>
    bool HasDebuggerDetached { get; }

    /// <summary>Whether it answers, whatever it is running: one that stands still does not.</summary>
    Task<bool> RespondsAsync(TimeSpan timeout);

    /// <summary>A debugger was attached to it, or has gone. At a breakpoint it cannot see the end of this process, so it is killed then.</summary>
    void OnDebuggerChanged(bool isAttached);

    /// <summary>Makes a call of nothing, so that the first real one is not the slower for it.</summary>
    void WarmUp();

    /// <summary>A standby worker takes over a slot.</summary>
    void Promote(int slot);

    /// <summary>Asks it to leave when its call has ended; if it has not within <paramref name="timeout"/>, it is made to, unless it is being debugged.</summary>
    Task ShutDownAsync(TimeSpan timeout, HostClock clock);

    /// <summary>Ends it at once.</summary>
    void KillNow();
}
