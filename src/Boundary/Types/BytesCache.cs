namespace MultiProc.Boundary;

/// <summary>What was found for bytes that came from outside: bounded, because of that. Thread-safe.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class BytesCache<T>(int capacity = 4096)
    where T : class
{
    private readonly Lock _gate = new();

    // Replaced as a whole, so that nobody waits to read; there are soon no more. By hash alone: of bytes that have the same, which is rarer than one pair in a full
    // cache, the later ones are found anew each time. A dictionary that is made for threads would have to be compiled by each worker.
    private volatile Dictionary<int, Entry> _known = [];

    /// <summary>Whether nothing more is kept.</summary>
    public bool IsFull => _known.Count >= capacity;

    public T? Find(ReadOnlySpan<byte> bytes) =>
        _known.TryGetValue(Hash(bytes), out var entry) && bytes.SequenceEqual(entry.Bytes) ? entry.Found : null;

    public void Add(byte[] bytes, T found)
    {
        lock (_gate)
        {
            if (_known.Count < capacity)
            {
                var more = new Dictionary<int, Entry>(_known);
                more.TryAdd(Hash(bytes), new Entry(bytes, found));
                _known = more;
            }
        }
    }

    // Of another seed in each process: nobody can choose bytes that collide.
    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private sealed record Entry(byte[] Bytes, T Found);
}
