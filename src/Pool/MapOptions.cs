namespace MultiProc;

/// <summary>How a map, stream or map-reduce is to be run. Immutable; safe to share between calls and threads.</summary>
public sealed record MapOptions
{
    /// <summary>
    /// How many items travel to a worker together (<c>chunksize</c> in Python). Default null: chosen by measuring, small at first, larger while items are short.
    /// At least 1.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>
    /// How long the function may run for one item, counted as for <see cref="CallOptions.Timeout"/>. Default null: <see cref="ProcessPoolOptions.TaskTimeout"/>
    /// applies. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit. Otherwise above zero and at most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How long the function may go on with an item after its token was signalled; then its worker is killed and replaced. Default null:
    /// <see cref="ProcessPoolOptions.CancellationGracePeriod"/> applies. From zero to <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? CancellationGracePeriod { get; init; }

    /// <summary>
    /// An item that runs for longer than this is logged as a warning, once; see <see cref="CallOptions.SlowCallThreshold"/>. Default null:
    /// <see cref="ProcessPoolOptions.SlowCallThreshold"/> applies. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: never. Otherwise above zero and at
    /// most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? SlowCallThreshold { get; init; }

    /// <summary>How often one item may begin in all, when its worker is lost or killed under it. Default 1: never again. At least 1.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>
    /// The name under which the map's calls appear in errors, <see cref="WorkerInfo.CurrentCall"/> and logs. Default null: the function's own name.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The most items that may be ahead of the consumer of a stream: read from the source, under way, or finished and waiting, together.
    /// Default null: a multiple of the number of workers that keeps them busy (<c>buffersize</c> in Python 3.14). At least 1. Maps that return an array use it only
    /// to bound what is under way.
    /// </summary>
    public int? MaxBuffered { get; init; }

    /// <summary>
    /// Told how many items have ended, in order, at most once for each batch of results. Default null: nobody is told. It is called on a thread of the pool's own,
    /// never after the map has completed.
    /// </summary>
    public IProgress<MapProgress>? Progress { get; init; }
}
