namespace MultiProc.Sequences;

/// <summary>
/// A synchronous sequence whose elements are the arguments of calls, with the interface of an asynchronous one. It
/// never waits.
/// </summary>
internal sealed class SyncSource<T, TArguments>(IEnumerable<T> source, Func<T, TArguments> arguments) : IAsyncEnumerable<TArguments>, ICountedSource
{
    public long? Count => source.TryGetNonEnumeratedCount(out var count) ? count : null;

    // The most common types of source are read without an interface call for each element.
    public IAsyncEnumerator<TArguments> GetAsyncEnumerator(CancellationToken cancellationToken = default) => source switch
    {
        T[] array => new Enumerator<ArrayItems>(new ArrayItems(array), arguments),
        List<T> list when list.GetType() == typeof(List<T>) => new Enumerator<List<T>.Enumerator>(list.GetEnumerator(), arguments),
        _ => new Enumerator<IEnumerator<T>>(source.GetEnumerator(), arguments),
    };

    private sealed class Enumerator<TSource>(TSource source, Func<T, TArguments> arguments) : IAsyncEnumerator<TArguments>, ISourceAtHand<TArguments>
        where TSource : IEnumerator<T>
    {
        public TArguments Current => arguments(source.Current);

        public ValueTask<bool> MoveNextAsync() => new(source.MoveNext());

        public bool TryNext(out TArguments next)
        {
            if (source.MoveNext())
            {
                next = arguments(source.Current);
                return true;
            }

            next = default!;
            return false;
        }

        public ValueTask DisposeAsync()
        {
            source.Dispose();
            return default;
        }
    }

    private struct ArrayItems(T[] array) : IEnumerator<T>
    {
        private int _index = -1;

        public readonly T Current => array[_index];

        readonly object? System.Collections.IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < array.Length;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
