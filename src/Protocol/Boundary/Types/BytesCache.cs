using System.Collections.Concurrent;

namespace MultiProc.Protocol.Boundary;

/// <summary>What was found for bytes that came from outside: bounded, because of that. Thread-safe.</summary>
internal sealed class BytesCache<T>
    where T : class
{
    private const int MostEntries = 4096;

    private readonly ConcurrentDictionary<byte[], T> _known = new(BytesComparer.Instance);
    private int _count;

    public T? Find(ReadOnlySpan<byte> bytes) =>
        _known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(bytes, out var known) ? known : null;

    public void Add(byte[] bytes, T found)
    {
        // The dictionary's own count takes all its locks.
        if (Volatile.Read(ref _count) < MostEntries && _known.TryAdd(bytes, found))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
