using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class HashSetContent<T> : ItemsContent<HashSet<T>, T>
{
    protected override int Count(HashSet<T> value) => value.Count;

    protected override void WriteComparer(ref MessagePackWriter writer, HashSet<T> value, GraphWriter graph) =>
        Comparers.Write(ref writer, value.Comparer, graph);

    protected override int Construct(ref MessagePackReader reader, HashSet<T> instance, GraphReader graph)
    {
        var comparer = Comparers.Read<T>(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, count, comparer);
        return count;
    }

    protected override void Add(HashSet<T> instance, T item) => instance.Add(item);

    protected override HashChains? Chains(HashSet<T> instance, int count, GraphReader graph) => HashChains.For<T>(graph, count, instance.Capacity);

    protected override int HashOf(HashSet<T> instance, T item) => item is null ? 0 : instance.Comparer.GetHashCode(item);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(HashSet<T> instance, int capacity, IEqualityComparer<T>? comparer);
}
