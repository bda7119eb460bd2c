using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects whose state crosses: all fields, through code compiled once per type. Constructors are not run.</summary>
internal sealed class StateSerializer(StatePlan plan) : Serializer(plan.Type)
{
    private readonly string[] _segments = [.. plan.Parts.Select(part => part.Segment)];
    private WriteState? _write;
    private ReadState? _read;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        graph.WriteLayout(ref writer, plan.Layout);
        (_write ??= StateCompiler.CompileWrite<WriteState>(plan))(ref writer, value, graph);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        graph.CheckLayout(ref reader, plan.Layout);
        var instance = RuntimeHelpers.GetUninitializedObject(WireType);
        graph.Register(id, instance);
        (_read ??= StateCompiler.CompileRead<ReadState>(plan))(ref reader, instance, graph);
        return instance;
    }

    public override string Segment(object? instance, int step) => _segments[step];
}

/// <summary>Structs whose state crosses.</summary>
internal sealed class StateFormatter<T>(StatePlan plan) : Formatter<T>, IPathPart
    where T : struct
{
    private readonly string[] _segments = [.. plan.Parts.Select(part => part.Segment)];
    private readonly bool _isLeaf = StateCompiler.IsLeaf(plan);
    private WriteState<T>? _write;
    private ReadState<T>? _read;

    public override bool IsLeaf => _isLeaf;

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        graph.WriteLayout(ref writer, plan.Layout);
        (_write ??= StateCompiler.CompileWrite<WriteState<T>>(plan))(ref writer, ref value, graph);
        graph.Path.Pop();
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        graph.CheckLayout(ref reader, plan.Layout);
        var value = default(T);
        var read = _read ??= StateCompiler.CompileRead<ReadState<T>>(plan);
        if (_isLeaf)
        {
            read(ref reader, ref value, graph);
            return value;
        }

        var outerStep = graph.Step;
        try
        {
            read(ref reader, ref value, graph);
        }
        catch (DistrustException exception) when (graph.Passes(exception, this, null, outerStep))
        {
            throw;
        }

        return value;
    }

    public string Segment(object? instance, int step) => _segments[step];
}

internal delegate void WriteState(ref MessagePackWriter writer, object value, GraphWriter graph);

internal delegate void ReadState(ref MessagePackReader reader, object value, GraphReader graph);

internal delegate void WriteState<T>(ref MessagePackWriter writer, ref T value, GraphWriter graph);

internal delegate void ReadState<T>(ref MessagePackReader reader, ref T value, GraphReader graph);
