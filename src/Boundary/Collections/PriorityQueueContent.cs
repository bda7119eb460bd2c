using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The heap crosses as it stands, so that equal priorities leave it in the same order.</summary>
internal sealed class PriorityQueueContent<TElement, TPriority> : InPlace<PriorityQueue<TElement, TPriority>>
{
    private readonly Formatter<TElement> _element = FormatterCache<TElement>.Instance;
    private readonly Formatter<TPriority> _priority = FormatterCache<TPriority>.Instance;

    public override void Write(ref MessagePackWriter writer, PriorityQueue<TElement, TPriority> value, GraphWriter graph)
    {
        graph.Path.Step = -1;
        Comparers.WriteOrder(ref writer, value.Comparer, graph);
        writer.Write(value.Count);
        var index = 0;
        foreach (var (element, priority) in value.UnorderedItems)
        {
            graph.Path.Step = index++;
            _element.Write(ref writer, element, graph);
            _priority.Write(ref writer, priority, graph);
        }
    }

    public override void Read(ref MessagePackReader reader, PriorityQueue<TElement, TPriority> instance, GraphReader graph)
    {
        graph.Step = -1;
        var comparer = Comparers.ReadOrder<TPriority>(ref reader, graph);
        var items = new (TElement, TPriority)[Blocks.ReadCount(ref reader)];
        var complete = true;
        Construct(instance, items.Length, comparer);
        for (var i = 0; i < items.Length; i++)
        {
            graph.Step = i;
            var element = _element.Read(ref reader, graph);
            complete &= graph.IsComplete(ref reader, _priority, out var priority);
            items[i] = (element!, priority!);
        }

        // An ordered heap that is filled at once keeps its order.
        if (complete)
        {
            instance.EnqueueRange(items);
        }
        else
        {
            graph.AtEnd(() => instance.EnqueueRange(items));
        }
    }

    public override string Segment(object? instance, int step) => step < 0 ? ".Comparer" : $".UnorderedItems[{step}]";

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(PriorityQueue<TElement, TPriority> instance, int capacity, IComparer<TPriority>? comparer);
}
