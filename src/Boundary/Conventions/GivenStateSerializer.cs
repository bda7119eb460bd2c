using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects whose fields cross, and which are told when.</summary>
internal sealed class GivenStateSerializer(StatePlan plan, Conventions conventions) : Serializer(plan.Type)
{
    private readonly string[] _segments = [.. plan.Parts.Select(part => part.Segment)];
    private WriteState? _write;
    private ReadState? _read;

    public override bool CanBeReferredToWhileRead => !conventions.IsReference;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        graph.WriteLayout(ref writer, plan.Layout);
        var state = conventions.HasWriteCallbacks ? conventions.Snapshot(value, graph) : value;
        (_write ??= StateCompiler.CompileWrite<WriteState>(plan))(ref writer, state, graph);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        graph.CheckLayout(ref reader, plan.Layout);
        var instance = RuntimeHelpers.GetUninitializedObject(WireType);
        if (!conventions.IsReference)
        {
            graph.Register(id, instance);
        }

        conventions.OnDeserializing(instance);
        (_read ??= StateCompiler.CompileRead<ReadState>(plan))(ref reader, instance, graph);
        graph.TellLater(id, instance, conventions);
        return conventions.IsReference ? Conventions.RealObject(instance) : instance;
    }

    public override string Segment(object? instance, int step) => _segments[step];
}

/// <summary>Structs whose fields cross, and which are told when. A struct has no place in which to wait for the rest of its graph: it is told at once.</summary>
internal sealed class GivenStateFormatter<T>(StatePlan plan, Conventions conventions) : Formatter<T>, IPathPart
    where T : struct
{
    private readonly string[] _segments = [.. plan.Parts.Select(part => part.Segment)];
    private WriteState<T>? _write;
    private ReadState<T>? _read;

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        graph.WriteLayout(ref writer, plan.Layout);
        object box = value;
        var state = (T)(conventions.HasWriteCallbacks ? conventions.Snapshot(box, graph) : box);
        (_write ??= StateCompiler.CompileWrite<WriteState<T>>(plan))(ref writer, ref state, graph);
        graph.Path.Pop();
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        graph.CheckLayout(ref reader, plan.Layout);
        object box = default(T);
        conventions.OnDeserializing(box);

        // In a variable meanwhile: reading may continue on another stack.
        var value = (T)box;
        var waiting = graph.Waiting;
        (_read ??= StateCompiler.CompileRead<ReadState<T>>(plan))(ref reader, ref value, graph);
        graph.Tell(waiting);
        box = value;
        conventions.OnDeserialized(box);
        conventions.OnDeserialization(box);
        return conventions.IsReference ? (T)Conventions.RealObject(box) : (T)box;
    }

    public string Segment(object? instance, int step) => _segments[step];
}
