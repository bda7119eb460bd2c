using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

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

    protected override bool IsNext(SortedList<TKey, TValue> instance, TKey key) =>
        instance.Count == 0 || instance.Comparer.Compare(instance.GetKeyAtIndex(instance.Count - 1), key) < 0;

    // In order: each that goes in before others moves all of them.
    protected override void AddAll(SortedList<TKey, TValue> instance, List<(TKey Key, TValue Value)> entries, HashChains? chains)
    {
        TKey[] keys = [.. instance.Keys, .. entries.Select(static entry => entry.Key)];
        TValue[] values = [.. instance.Values, .. entries.Select(static entry => entry.Value)];
        Array.Sort(keys, values, instance.Comparer);
        instance.Clear();
        for (var i = 0; i < keys.Length; i++)
        {
            instance.Add(keys[i], values[i]);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(SortedList<TKey, TValue> instance, int capacity, IComparer<TKey>? comparer);
}
