using MultiProc.Validation;

namespace MultiProc.Sequences;

/// <summary>
/// Map-reduce, built from maps. The source is split into chunks, and one call maps and folds each chunk in a worker. Further
/// calls fold the partial results, many at a time, until one is left. User code never runs in the host.
/// </summary>
/// <remarks>
/// <code>
/// source -> chunk -> map + fold in a worker -> partial -+
/// source -> chunk -> map + fold in a worker -> partial -+-> fold in a worker -> ... -> result
/// source -> chunk -> map + fold in a worker -> partial -+
/// </code>
/// </remarks>
internal static class Reduction<T, TMapped>
{
    private const int ChunksPerWorker = 8;
    private const int ChunkOfUnknownLength = 256;
    private const int PartialsPerFold = 64;

    public static Task<TMapped> RunAsync(
        IProcessPool pool,
        Delegate map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<ValueTuple<T>> source,
        Seed<TMapped>? seed,
        MapOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reduce);
        options ??= new MapOptions();
        OptionChecks.Check(options);
        var total = (source as ICountedSource)?.Count;
        var size = options.ChunkSize
            ?? (total is { } count ? (int)Math.Clamp(count / (Math.Max(1, pool.Options.Processes) * ChunksPerWorker), 1, 16_384) : ChunkOfUnknownLength);
        var chunkOptions = options with
        {
            ChunkSize = 1,
            Timeout = options.Timeout is { } limit && limit > TimeSpan.Zero
                ? TimeSpan.FromMilliseconds(Math.Min(int.MaxValue, limit.TotalMilliseconds * size)) : options.Timeout,
        };
        var fold = new ChunkFold<T, TMapped>(map, reduce);
        var partials = pool.SubmitSequenceAsync<ValueTuple<T[]>, TMapped>(
            fold.Run, new ChunkedSource<T>(source, size), inOrder: true, chunkOptions, cancellationToken);
        return FoldAsync(pool, Collection.StreamAsync(partials, size, cancellationToken), new PartialFold<TMapped>(reduce), seed, cancellationToken);
    }

    private static async Task<TMapped> FoldAsync(
        IProcessPool pool, IAsyncEnumerable<TMapped> partials, PartialFold<TMapped> fold, Seed<TMapped>? seed, CancellationToken cancellationToken)
    {
        var folded = new List<TMapped>();
        if (seed is not null)
        {
            folded.Add(seed.Value);
        }

        await foreach (var partial in partials.ConfigureAwait(false))
        {
            folded.Add(partial);
            if (folded.Count == PartialsPerFold)
            {
                folded = [await FoldOnceAsync(pool, folded, fold, cancellationToken).ConfigureAwait(false)];
            }
        }

        return folded.Count switch
        {
            0 => throw new InvalidOperationException("There is nothing to reduce: the source is empty. Give a seed, or check the source."),
            1 => folded[0],
            _ => await FoldOnceAsync(pool, folded, fold, cancellationToken).ConfigureAwait(false),
        };
    }

    private static Task<TMapped> FoldOnceAsync(
        IProcessPool pool, List<TMapped> partials, PartialFold<TMapped> fold, CancellationToken cancellationToken) =>
        pool.SubmitAsync<ValueTuple<TMapped[]>, TMapped>(
            fold.Run, ValueTuple.Create(partials.ToArray()), cancellationToken: cancellationToken);
}
