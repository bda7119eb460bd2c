using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class ConcurrentBagContent<T> : ItemsContent<ConcurrentBag<T>, T>
{
    protected override bool LooksIntoItems => false;

    protected override int Count(ConcurrentBag<T> value) => value.Count;

    protected override IEnumerable<T> InOrderOfInsertion(ConcurrentBag<T> value)
    {
        var items = value.ToArray();
        Array.Reverse(items);
        return items;
    }

    protected override int Construct(ref MessagePackReader reader, ConcurrentBag<T> instance, GraphReader graph)
    {
        var count = Blocks.ReadCount(ref reader);
        Construct(instance);
        return count;
    }

    protected override void Add(ConcurrentBag<T> instance, T item) => instance.Add(item);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(ConcurrentBag<T> instance);
}
