using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class ConcurrentDictionaryContent<TKey, TValue> : EntriesContent<ConcurrentDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override int Count(ConcurrentDictionary<TKey, TValue> value) => value.Count;

    protected override IEnumerable<KeyValuePair<TKey, TValue>> Entries(ConcurrentDictionary<TKey, TValue> value) => value.ToArray();

    protected override void WriteComparer(ref MessagePackWriter writer, ConcurrentDictionary<TKey, TValue> value, GraphWriter graph) =>
        Comparers.Write(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, ConcurrentDictionary<TKey, TValue> instance, GraphReader graph)
    {
        var comparer = Comparers.Read<TKey>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, comparer);
        return count;
    }

    protected override void Add(ConcurrentDictionary<TKey, TValue> instance, TKey key, TValue value) => instance.TryAdd(key, value);

    protected override HashChains? Chains(ConcurrentDictionary<TKey, TValue> instance, int count, GraphReader graph) => HashChains.For<TKey>(graph, count);

    protected override int HashOf(ConcurrentDictionary<TKey, TValue> instance, TKey key) => key is null ? 0 : instance.Comparer.GetHashCode(key);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(ConcurrentDictionary<TKey, TValue> instance, IEqualityComparer<TKey>? comparer);
}
