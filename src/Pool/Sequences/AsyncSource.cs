namespace MultiProc.Sequences;

/// <summary>An asynchronous sequence whose elements are the arguments of calls.</summary>
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
