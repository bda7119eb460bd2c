using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class SortedDictionaryContent<TKey, TValue> : EntriesContent<SortedDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override int Count(SortedDictionary<TKey, TValue> value) => value.Count;

    protected override void WriteComparer(ref MessagePackWriter writer, SortedDictionary<TKey, TValue> value, GraphWriter graph) =>
        Comparers.WriteOrder(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, SortedDictionary<TKey, TValue> instance, GraphReader graph)
    {
        var comparer = Comparers.ReadOrder<TKey>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, comparer);
        return count;
    }

    protected override void Add(SortedDictionary<TKey, TValue> instance, TKey key, TValue value) => instance.Add(key, value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(SortedDictionary<TKey, TValue> instance, IComparer<TKey>? comparer);
}
