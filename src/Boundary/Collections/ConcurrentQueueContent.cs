using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class ConcurrentQueueContent<T> : ItemsContent<ConcurrentQueue<T>, T>
{
    protected override bool LooksIntoItems => false;

    protected override int Count(ConcurrentQueue<T> value) => value.Count;

    protected override IEnumerable<T> InOrderOfInsertion(ConcurrentQueue<T> value) => value.ToArray();

    protected override int Construct(ref MessagePackReader reader, ConcurrentQueue<T> instance, GraphReader graph)
    {
        var count = Blocks.ReadCount(ref reader);
        Construct(instance);
        return count;
    }

    protected override void Add(ConcurrentQueue<T> instance, T item) => instance.Enqueue(item);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(ConcurrentQueue<T> instance);
}
