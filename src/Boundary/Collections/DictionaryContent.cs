using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class DictionaryContent<TKey, TValue> : EntriesContent<Dictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override int Count(Dictionary<TKey, TValue> value) => value.Count;

    protected override void WriteComparer(ref MessagePackWriter writer, Dictionary<TKey, TValue> value, GraphWriter graph) =>
        Comparers.Write(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, Dictionary<TKey, TValue> instance, GraphReader graph)
    {
        var comparer = Comparers.Read<TKey>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, count, comparer);
        return count;
    }

    protected override void Add(Dictionary<TKey, TValue> instance, TKey key, TValue value) => instance.Add(key, value);

    protected override HashChains? Chains(Dictionary<TKey, TValue> instance, int count, GraphReader graph) => HashChains.For<TKey>(graph, count, instance.Capacity);

    protected override int HashOf(Dictionary<TKey, TValue> instance, TKey key) => key is null ? 0 : instance.Comparer.GetHashCode(key);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(Dictionary<TKey, TValue> instance, int capacity, IEqualityComparer<TKey>? comparer);
}
