using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects that say themselves what their state is, and are made of it by their constructor.</summary>
internal sealed class OwnStateSerializer(Type type, Conventions conventions) : Serializer(type), IConditionalSerializer
{
    private readonly OwnState _state = new(type, conventions);

    public override bool CanBeReferredToWhileRead => !conventions.IsReference;

    public BoundaryException? RefusalOf(object value, GraphWriter graph) => _state.RefusalOf(value, graph);

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => _state.Write(ref writer, value, graph);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var content = _state.ReadContent(ref reader, graph, instance =>
        {
            if (instance.GetType() == WireType && !conventions.IsReference)
            {
                graph.Register(id, instance);
            }
        });
        return content.Make(graph, id);
    }
}

/// <summary>Structs that say themselves what their state is.</summary>
internal sealed class OwnStateFormatter<T>(Conventions conventions) : Formatter<T>
    where T : struct
{
    private readonly OwnState _state = new(typeof(T), conventions);

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        if (_state.RefusalOf(value, graph) is { } refusal)
        {
            graph.LeaveOut(refusal);
            writer.WriteNil();
            return;
        }

        writer.Write(true);
        _state.Write(ref writer, value, graph);
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        if (reader.TryReadNil())
        {
            return default;
        }

        reader.ReadBoolean();

        return _state.ReadContent(ref reader, graph, static _ => { }).MakeNow() is T value
            ? value
            : throw new BoundaryFormatException($"What was made of the state of a {TypeNames.Display(typeof(T))} is something else.");
    }
}
