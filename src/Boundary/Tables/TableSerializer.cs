using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Hash tables of others: their fields cross, and the copy must find its keys.</summary>
internal sealed class TableSerializer(StatePlan plan, ForeignTable table) : Serializer(plan.Type)
{
    private readonly string[] _segments = [.. plan.Parts.Select(part => part.Segment)];
    private WriteState? _write;
    private ReadState? _read;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        graph.WriteLayout(ref writer, plan.Layout);
        writer.Write(table.FindsItsKeys(value));
        (_write ??= StateCompiler.CompileWrite<WriteState>(plan))(ref writer, value, graph);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        graph.CheckLayout(ref reader, plan.Layout);
        var findsKeys = reader.ReadBoolean();
        var instance = RuntimeHelpers.GetUninitializedObject(WireType);
        graph.Register(id, instance);
        var waiting = graph.Waiting;
        (_read ??= StateCompiler.CompileRead<ReadState>(plan))(ref reader, instance, graph);
        if (findsKeys && graph.ReachesNothingUnfinished(id))
        {
            graph.Tell(waiting);
            table.Settle(instance);
        }
        else if (findsKeys)
        {
            graph.AtEnd(() => table.Settle(instance));
        }

        return instance;
    }

    public override string Segment(object? instance, int step) => _segments[step];
}

/// <summary>Hash tables of others that are structs.</summary>
internal sealed class TableFormatter<T>(StatePlan plan, ForeignTable table) : Formatter<T>
    where T : struct
{
    private readonly StateFormatter<T> _state = new(plan);

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        writer.Write(table.FindsItsKeys(value));
        _state.Write(ref writer, value, graph);
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        var findsKeys = reader.ReadBoolean();

        // In a cycle a struct cannot be settled later; the objects that it is made of are.
        if (!graph.IsComplete(ref reader, _state, out var value) || !findsKeys)
        {
            return value;
        }

        object box = value;
        table.Settle(box);
        return (T)box;
    }
}
