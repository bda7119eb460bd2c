namespace MultiProc.Sequences;

/// <summary>A sequence at hand, read as one that may have to be waited for; each element as a call's arguments. Never waits.</summary>
internal sealed class SyncSource<T, TArguments>(IEnumerable<T> source, Func<T, TArguments> arguments) : IAsyncEnumerable<TArguments>, ICountedSource
{
    public long? Count => source.TryGetNonEnumeratedCount(out var count) ? count : null;

    public IAsyncEnumerator<TArguments> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(source.GetEnumerator(), arguments);

    private sealed class Enumerator(IEnumerator<T> source, Func<T, TArguments> arguments) : IAsyncEnumerator<TArguments>
    {
        public TArguments Current => arguments(source.Current);

        public ValueTask<bool> MoveNextAsync() => new(source.MoveNext());

        public ValueTask DisposeAsync()
        {
            source.Dispose();
            return default;
        }
    }
}
