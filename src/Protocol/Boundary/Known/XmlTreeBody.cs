using MessagePack;

namespace MultiProc.Protocol.Boundary;

/// <summary>Nodes and attributes of LINQ to XML: their fields. What a worker sends is looked at, as a whole tree, before anybody gets it.</summary>
internal sealed class XmlTreeBody(Type type) : Body(type)
{
    private readonly StateBody _state = new(StatePlan.For(type));

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => _state.Write(ref writer, value, graph);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var copy = _state.Read(ref reader, graph, id);
        if (!graph.Trust.IsFull)
        {
            if (graph.XmlTrees is not { } trees)
            {
                graph.XmlTrees = trees = new XmlTrees();
                graph.AtEnd(trees.Check);
            }

            trees.Add(copy);
        }

        return copy;
    }

    public override string Segment(object? instance, int step) => _state.Segment(instance, step);
}
