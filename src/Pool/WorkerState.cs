namespace MultiProc;

/// <summary>Where a worker is in its life.</summary>
public enum WorkerState
{
    /// <summary>The process is starting, connecting, or running its initializer.</summary>
    Starting,

    /// <summary>Ready and without a call.</summary>
    Idle,

    /// <summary>Running a call.</summary>
    Busy,

    /// <summary>Ready, but held until a debugger attaches (<see cref="ProcessPoolOptions.Debugging"/>).</summary>
    WaitingForDebugger,

    /// <summary>Asked to leave; it gets no further calls.</summary>
    Stopping,

    /// <summary>The process has ended.</summary>
    Exited,
}
