using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Protocol.Boundary;

internal sealed class SortedListContent<TKey, TValue> : EntriesContent<SortedList<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override int Count(SortedList<TKey, TValue> value) => value.Count;

    protected override void WriteComparer(ref MessagePackWriter writer, SortedList<TKey, TValue> value, GraphWriter graph) =>
        Comparers.WriteOrder(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, SortedList<TKey, TValue> instance, GraphReader graph)
    {
        var comparer = Comparers.ReadOrder<TKey>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, count, comparer);
        return count;
    }

    protected override void Add(SortedList<TKey, TValue> instance, TKey key, TValue value) => instance.Add(key, value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(SortedList<TKey, TValue> instance, int capacity, IComparer<TKey>? comparer);
}
