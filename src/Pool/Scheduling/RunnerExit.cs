namespace MultiProc.Scheduling;

/// <summary>How a runner ended.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="ExitCode">The exit code; null when a signal ended it or it is not known.</param>
/// <param name="Signal">The signal's name; null when none ended it.</param>
/// <param name="StandardErrorTail">The last it wrote to standard error.</param>
/// <param name="StoppedBy">The step of termination that ended it; null: it ended by itself.</param>
internal sealed record RunnerExit(int Slot, int ProcessId, int? ExitCode, string? Signal, string StandardErrorTail, CallStop? StoppedBy)
{
    /// <summary>The stack of its main thread before its termination; empty if not wanted or not available.</summary>
    public string StackTrace { get; init; } = "";

    /// <summary>The memory dump of its crash, or from before its termination; null: none.</summary>
    public string? DumpPath { get; init; }

    /// <summary>Why it was terminated; null: it was not.</summary>
    public StopOrder? Order { get; init; }

    /// <summary>Whether a debugger was attached at the last check.</summary>
    public bool WasDebugged { get; init; }

    /// <summary>In words: "ended by SIGKILL", "exit code 3", "ended by SIGTERM because Slow ran past its time limit of 400 ms".</summary>
    public string Description =>
        (Signal is not null ? $"ended by {Signal}" : ExitCode is { } code ? $"exit code {code}" : "cause unknown")
        + (Order is { } order && StoppedBy is not null ? $" because {order.Because}" : "");
}
