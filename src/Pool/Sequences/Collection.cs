using System.Runtime.CompilerServices;
using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>
/// The results of the different kinds of map, made from the runs that <see cref="SequenceRun{TArguments, TResult}"/> yields.
/// </summary>
internal static class Collection
{
    // A map whose result is one array need not be as frugal as a stream.
    private const int MapBuffer = 1 << 20;

    /// <summary>Returns all results by position. The first failure ends the map.</summary>
    public static Task<TResult[]> ArrayAsync<TArguments, TResult>(
        IProcessPool pool, Delegate function, IAsyncEnumerable<TArguments> source, MapOptions? options, CancellationToken cancellationToken)
        where TArguments : struct
    {
        var runs = Submit<TArguments, TResult>(pool, function, source, options, cancellationToken);
        return CollectAsync<TResult, TResult>(runs, (source as ICountedSource)?.Count, static (values, run, index) =>
        {
            if (run.Error is not null)
            {
                throw WithIndex(run);
            }

            run.Values.Span.CopyTo(values.AsSpan(index));
        });
    }

    /// <summary>Returns all outcomes by position.</summary>
    public static Task<MapOutcome<TResult>[]> OutcomesAsync<TArguments, TResult>(
        IProcessPool pool, Delegate function, IAsyncEnumerable<TArguments> source, MapOptions? options, CancellationToken cancellationToken)
        where TArguments : struct
    {
        var runs = Submit<TArguments, TResult>(pool, function, source, options, cancellationToken);
        return CollectAsync<TResult, MapOutcome<TResult>>(runs, (source as ICountedSource)?.Count, static (outcomes, run, index) =>
        {
            foreach (var outcome in Outcomes(run))
            {
                outcomes[index++] = outcome;
            }
        });
    }

    /// <inheritdoc cref="StreamAsync{TResult}(IAsyncEnumerable{FinishedItems{TResult}}, int?, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> StreamAsync<TResult>(
        IAsyncEnumerable<FinishedItems<TResult>> runs, CancellationToken cancellationToken = default) => StreamAsync(runs, null, cancellationToken);

    /// <summary>Yields each result. The first failure ends the enumeration.</summary>
    /// <param name="runs">The runs of finished items.</param>
    /// <param name="itemsPerCall">How many items of the caller's each call takes together, when its function notes which one it is at.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public static async IAsyncEnumerable<TResult> StreamAsync<TResult>(
        IAsyncEnumerable<FinishedItems<TResult>> runs,
        int? itemsPerCall,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var run in runs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (run.Error is not null)
            {
                throw WithIndex(run, itemsPerCall);
            }

            for (var i = 0; i < run.Values.Length; i++)
            {
                yield return run.Values.Span[i];
            }
        }
    }

    /// <summary>Yields each outcome.</summary>
    public static async IAsyncEnumerable<MapOutcome<TResult>> OutcomeStreamAsync<TResult>(
        IAsyncEnumerable<FinishedItems<TResult>> runs, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var run in runs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var outcome in Outcomes(run))
            {
                yield return outcome;
            }
        }
    }

    private static IAsyncEnumerable<FinishedItems<TResult>> Submit<TArguments, TResult>(
        IProcessPool pool, Delegate function, IAsyncEnumerable<TArguments> source, MapOptions? options, CancellationToken cancellationToken)
        where TArguments : struct
    {
        options ??= new MapOptions();
        return pool.SubmitSequenceAsync<TArguments, TResult>(
            function, source, inOrder: false, options with { MaxBuffered = options.MaxBuffered ?? MapBuffer }, cancellationToken);
    }

    private static async Task<TElement[]> CollectAsync<TResult, TElement>(
        IAsyncEnumerable<FinishedItems<TResult>> runs, long? count, Action<TElement[], FinishedItems<TResult>, int> store)
    {
        var elements = new TElement[count ?? 16];
        var length = 0;
        await foreach (var run in runs.ConfigureAwait(false))
        {
            var end = checked((int)run.FirstIndex + (run.Error is null ? run.Values.Length : 1));
            if (end > elements.Length)
            {
                Array.Resize(ref elements, (int)Math.Min(Array.MaxLength, Math.Max(end, 2L * elements.Length)));
            }

            store(elements, run, (int)run.FirstIndex);
            length = Math.Max(length, end);
        }

        Array.Resize(ref elements, length);
        return elements;
    }

    private static IEnumerable<MapOutcome<TResult>> Outcomes<TResult>(FinishedItems<TResult> run)
    {
        if (run.Error is PoolEndedException)
        {
            throw run.Error;
        }

        if (run.Error is { } error)
        {
            yield return new MapOutcome<TResult>(default, error);
        }

        for (var i = 0; i < run.Values.Length; i++)
        {
            yield return new MapOutcome<TResult>(run.Values.Span[i], null);
        }
    }

    private static Exception WithIndex<TResult>(FinishedItems<TResult> run, int? itemsPerCall = null)
    {
        var error = run.Error!;
        if (error is not PoolEndedException)
        {
            ItemIndex.Set(error, itemsPerCall is { } size ? (run.FirstIndex * size) + ItemIndex.Of(error) : run.FirstIndex);
        }

        return error;
    }
}
