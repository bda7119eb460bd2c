using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects whose fields cross, and whose copies are checked when a worker sent them.</summary>
internal abstract class CheckedStateSerializer(Type type) : Serializer(type)
{
    private readonly StateSerializer _state = new(StatePlan.For(type));

    public sealed override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => _state.Write(ref writer, value, graph);

    public sealed override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var copy = _state.Read(ref reader, graph, id);
        if (!graph.Trust.IsFull)
        {
            Check(copy, graph);
        }

        return copy;
    }

    public sealed override string Segment(object? instance, int step) => _state.Segment(instance, step);

    /// <summary>Refuses a copy that the type itself could not have made, now or at the end of the graph.</summary>
    /// <exception cref="BoundaryFormatException">It is one.</exception>
    protected abstract void Check(object copy, GraphReader graph);
}
