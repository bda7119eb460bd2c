namespace MultiProc.Sequences;

/// <summary>
/// A source whose elements are grouped into arrays. The last array may be shorter. A slow source does not shorten
/// the others.
/// </summary>
internal sealed class ChunkedSource<T>(IAsyncEnumerable<ValueTuple<T>> source, int size) : IAsyncEnumerable<ValueTuple<T[]>>, ICountedSource
{
    public long? Count => (source as ICountedSource)?.Count is { } count ? (count + size - 1) / size : null;

    public async IAsyncEnumerator<ValueTuple<T[]>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var chunk = new List<T>(size);
        await foreach (var element in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            chunk.Add(element.Item1);
            if (chunk.Count == size)
            {
                yield return ValueTuple.Create(chunk.ToArray());
                chunk.Clear();
            }
        }

        if (chunk.Count > 0)
        {
            yield return ValueTuple.Create(chunk.ToArray());
        }
    }
}
