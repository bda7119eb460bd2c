using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Linked lists. Nodes are objects that others may hold, as an LRU cache does: each has a number in the graph.</summary>
internal sealed class LinkedListContent<T> : InPlace<LinkedList<T>>
{
    private readonly Formatter<T> _item = FormatterCache<T>.Instance;

    public override void Write(ref MessagePackWriter writer, LinkedList<T> value, GraphWriter graph)
    {
        writer.Write(value.Count);
        var index = 0;
        for (var node = value.First; node is not null; node = node.Next)
        {
            graph.Path.Step = index++;
            if (graph.TryAdd(node, out var id))
            {
                writer.WriteNil();
            }
            else
            {
                writer.Write(id);
            }

            _item.Write(ref writer, node.Value, graph);
        }
    }

    public override void Read(ref MessagePackReader reader, LinkedList<T> instance, GraphReader graph)
    {
        var count = Blocks.ReadCount(ref reader);
        Construct(instance);
        for (var i = 0; i < count; i++)
        {
            graph.Step = i;
            var node = new LinkedListNode<T>(default!);
            var isNew = reader.TryReadNil();
            var id = isNew ? graph.Begin() : reader.ReadInt32();
            graph.Claim(id, node);
            instance.AddLast(node);
            node.Value = _item.Read(ref reader, graph)!;
            if (isNew)
            {
                graph.End(id, node);
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(LinkedList<T> instance);
}

/// <summary>A node met before its list: the list follows, and the node is found in it.</summary>
internal sealed class LinkedListNodeSerializer<T>() : Serializer(typeof(LinkedListNode<T>))
{
    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var node = (LinkedListNode<T>)value;
        FormatterCache<LinkedList<T>>.Instance.Write(ref writer, node.List, graph);
        if (node.List is null)
        {
            FormatterCache<T>.Instance.Write(ref writer, node.Value, graph);
        }
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        if (reader.IsNil)
        {
            reader.ReadNil();
            var node = new LinkedListNode<T>(default!);
            graph.Register(id, node);
            node.Value = FormatterCache<T>.Instance.Read(ref reader, graph)!;
            return node;
        }

        FormatterCache<LinkedList<T>>.Instance.Read(ref reader, graph);
        return graph.HandedOut(id) ?? throw new BoundaryFormatException("A node is not in its list.");
    }

    public override string Segment(object? instance, int step) => ".List";
}
