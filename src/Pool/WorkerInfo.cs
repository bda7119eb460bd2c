namespace MultiProc;

/// <summary>What one worker was doing when the snapshot was taken. Immutable.</summary>
public sealed record WorkerInfo
{
    /// <summary>The worker's place in the pool, from 0. A replacement takes over the slot.</summary>
    public int Slot { get; init; }

    /// <summary>The worker's name, such as <c>w2</c>: the slot behind a letter.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The operating system's process id; 0 while no process has been started for the slot. With <c>Processes = 0</c> the host's own. Check for 0
    /// before you send a signal: on Linux and macOS process 0 means the sender's own process group.</summary>
    public int ProcessId { get; init; }

    /// <summary>Where the worker is in its life.</summary>
    public WorkerState State { get; init; }

    /// <summary>The function (or <see cref="CallOptions.Name"/>) that the worker is running; null when it runs none.</summary>
    public string? CurrentCall { get; init; }

    /// <summary>How long the current call, or the current item of a map, has been running; null when there is none.</summary>
    public TimeSpan? CurrentCallElapsed { get; init; }

    /// <summary>Calls, and items of maps, that this process has ended.</summary>
    public long CallsCompleted { get; init; }

    /// <summary>How many processes this slot has had before the present one.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether a debugger is attached to the worker, seen from outside.</summary>
    public bool DebuggerAttached { get; init; }

    /// <summary>Processor time that the process has used, of all its threads; zero when it cannot be read.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Physical memory of the process in bytes; 0 when it cannot be read.</summary>
    public long WorkingSetBytes { get; init; }
}
