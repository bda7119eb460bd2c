namespace MultiProc.Sequences;

/// <summary>A sequence that may have to be waited for; each element as a call's arguments.</summary>
internal sealed class AsyncSource<T, TArguments>(IAsyncEnumerable<T> source, Func<T, TArguments> arguments) : IAsyncEnumerable<TArguments>
{
    public async IAsyncEnumerator<TArguments> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var element in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return arguments(element);
        }
    }
}
