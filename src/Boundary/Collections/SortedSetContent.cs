using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class SortedSetContent<T> : ItemsContent<SortedSet<T>, T>
{
    protected override int Count(SortedSet<T> value) => value.Count;

    protected override void WriteComparer(ref MessagePackWriter writer, SortedSet<T> value, GraphWriter graph) =>
        Comparers.WriteOrder(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, SortedSet<T> instance, GraphReader graph)
    {
        var comparer = Comparers.ReadOrder<T>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, comparer);
        return count;
    }

    protected override void Add(SortedSet<T> instance, T item) => instance.Add(item);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(SortedSet<T> instance, IComparer<T>? comparer);
}
