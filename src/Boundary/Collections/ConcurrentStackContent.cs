using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class ConcurrentStackContent<T> : ItemsContent<ConcurrentStack<T>, T>
{
    protected override bool LooksIntoItems => false;

    protected override int Count(ConcurrentStack<T> value) => value.Count;

    protected override IEnumerable<T> InOrderOfInsertion(ConcurrentStack<T> value)
    {
        var items = value.ToArray();
        Array.Reverse(items);
        return items;
    }

    protected override int Construct(ref MessagePackReader reader, ConcurrentStack<T> instance, GraphReader graph)
    {
        var count = Blocks.ReadCount(ref reader);
        Construct(instance);
        return count;
    }

    protected override void Add(ConcurrentStack<T> instance, T item) => instance.Push(item);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(ConcurrentStack<T> instance);
}
