namespace MultiProc;

/// <summary>How one call is to be run. Immutable; safe to share between calls and threads.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// How long the function may run, counted from the moment it is called in its worker: neither waiting in the queue nor decoding its arguments counts, and
    /// what the worker's runtime spends on compiling meanwhile is added, at most 5 seconds.
    /// Default null: <see cref="ProcessPoolOptions.TaskTimeout"/> applies. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit,
    /// even when the pool has one. Otherwise above zero and at most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How often the call may begin in all, when its worker is lost or killed under it. Default 1: it is never run again.
    /// A function that threw, or that ran past its limit, is not tried again. At least 1.
    /// </summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>
    /// How long the function may go on after its token was signalled, because it was cancelled or ran past its limit; then its worker is killed and replaced.
    /// A function that ran past its limit without ever having been handed its token gets no grace period. Default null:
    /// <see cref="ProcessPoolOptions.CancellationGracePeriod"/> applies. From zero to <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? CancellationGracePeriod { get; init; }

    /// <summary>
    /// A call that runs for longer than this is logged as a warning, once, with its name, its worker, how long it has been running and where it is; it runs on.
    /// Taking its stack stops it for some tenths of a second. Default null: <see cref="ProcessPoolOptions.SlowCallThreshold"/> applies.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: never, even when the pool has a threshold. Otherwise above zero and at most
    /// <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? SlowCallThreshold { get; init; }

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
