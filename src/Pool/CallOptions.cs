namespace MultiProc;

/// <summary>How one call is to be run. Immutable; safe to share between calls and threads.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// How long the function may run, counted from the moment it begins in its worker; waiting in the queue does not count.
    /// Default null: <see cref="ProcessPoolOptions.TaskTimeout"/> applies. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit,
    /// even when the pool has one. Otherwise above zero and at most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How often the call may begin in all, when its worker is lost or killed under it. Default 1: it is never run again.
    /// A function that threw, or that ran past its limit, is not tried again. At least 1.
    /// </summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>The name under which the call appears in errors, <see cref="WorkerInfo.CurrentCall"/> and logs. Default null: the function's own name.</summary>
    public string? Name { get; init; }

    /// <summary>Queued calls of higher priority begin first; calls of equal priority begin in the order of submission. Default 0; any value.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// Calls with equal keys run on the same live worker, one after another; when it is lost, they move together to another one.
    /// Default null: any worker. Compared by ordinal. Which worker has a key is remembered while calls with it are open, and afterwards for the 65,536
    /// keys used last.
    /// </summary>
    public string? AffinityKey { get; init; }
}
