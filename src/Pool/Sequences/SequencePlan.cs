namespace MultiProc.Sequences;

/// <summary>The effective settings of a map.</summary>
/// <param name="InOrder">Whether runs are yielded in the order of the source.</param>
/// <param name="ChunkSize">The caller's chunk size; null: measured.</param>
/// <param name="Workers">The number of workers.</param>
/// <param name="Total">The total number of items; null: unknown.</param>
/// <param name="MaxBuffered">The maximum number of items that are read and not yet yielded.</param>
/// <param name="Progress">The receiver of progress reports.</param>
/// <param name="ItemTime">The measured run time of an item.</param>
internal sealed record SequencePlan(bool InOrder, int? ChunkSize, int Workers, long? Total, long MaxBuffered, IProgress<MapProgress>? Progress, ItemTime ItemTime)
{
    private const int BufferedPerWorker = 1_024;
    private const int MaxChunk = 16_384;

    /// <summary>A chunk leaves room for the other workers' chunks.</summary>
    public int MostPerChunk => (int)Math.Clamp(ChunkSize ?? (MaxBuffered / (2L * Workers)), 1, Math.Max(MaxChunk, ChunkSize ?? 1));

    /// <param name="options">The caller's options.</param>
    /// <param name="inOrder">As <see cref="InOrder"/>.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="total">As <see cref="Total"/>.</param>
    /// <param name="itemTime">As <see cref="ItemTime"/>.</param>
    public static SequencePlan Of(MapOptions options, bool inOrder, int workers, long? total, ItemTime itemTime)
    {
        var buffered = options.MaxBuffered ?? Math.Max((long)workers * BufferedPerWorker, (long)workers * 4 * (options.ChunkSize ?? 1));
        return new SequencePlan(inOrder, options.ChunkSize, workers, total, buffered, options.Progress, itemTime);
    }
}
