using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Slots of a struct for which a pool may have a rule.</summary>
internal sealed class RuledFormatter<T>(Formatter<T> inner) : Formatter<T>, IRuledFormatter
    where T : struct
{
    public object Inner => inner;

    public override bool IsLeaf => inner.IsLeaf;

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        if (graph.ValueRules is { } rules && rules.ForValue<T>() is { } rule)
        {
            rule.Write(ref writer, value, graph);
        }
        else
        {
            inner.Write(ref writer, value, graph);
        }
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph) =>
        graph.ValueRules is { } rules && rules.ForValue<T>() is { } rule ? rule.Read(ref reader, graph) : inner.Read(ref reader, graph);
}

/// <summary>A formatter that another one does the work for, unless a pool has a rule.</summary>
internal interface IRuledFormatter
{
    /// <summary>The other one.</summary>
    object Inner { get; }
}

/// <summary>A formatter that looks for a rule itself: one of the structs that many objects hold.</summary>
internal interface ILooksForRule;
