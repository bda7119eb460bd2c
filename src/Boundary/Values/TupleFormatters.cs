using MessagePack;

namespace MultiProc.Boundary;

// Of three elements and more.

internal sealed class TupleFormatter<T1, T2, T3>() : TupleFormatter<ValueTuple<T1, T2, T3>>(3)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;

    public override bool IsLeaf => _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2, T3> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
    }

    public override ValueTuple<T1, T2, T3> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!,
        _item3.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2, T3, T4>() : TupleFormatter<ValueTuple<T1, T2, T3, T4>>(4)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;
    private readonly Formatter<T4> _item4 = FormatterCache<T4>.Instance;

    public override bool IsLeaf => _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf && _item4.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2, T3, T4> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
        graph.Path.Step = 3;
        _item4.Write(ref writer, value.Item4, graph);
    }

    public override ValueTuple<T1, T2, T3, T4> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!,
        _item3.Read(ref reader, graph)!,
        _item4.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2, T3, T4, T5>() : TupleFormatter<ValueTuple<T1, T2, T3, T4, T5>>(5)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;
    private readonly Formatter<T4> _item4 = FormatterCache<T4>.Instance;
    private readonly Formatter<T5> _item5 = FormatterCache<T5>.Instance;

    public override bool IsLeaf => _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf && _item4.IsLeaf && _item5.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2, T3, T4, T5> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
        graph.Path.Step = 3;
        _item4.Write(ref writer, value.Item4, graph);
        graph.Path.Step = 4;
        _item5.Write(ref writer, value.Item5, graph);
    }

    public override ValueTuple<T1, T2, T3, T4, T5> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!,
        _item3.Read(ref reader, graph)!,
        _item4.Read(ref reader, graph)!,
        _item5.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2, T3, T4, T5, T6>() : TupleFormatter<ValueTuple<T1, T2, T3, T4, T5, T6>>(6)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;
    private readonly Formatter<T4> _item4 = FormatterCache<T4>.Instance;
    private readonly Formatter<T5> _item5 = FormatterCache<T5>.Instance;
    private readonly Formatter<T6> _item6 = FormatterCache<T6>.Instance;

    public override bool IsLeaf => _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf && _item4.IsLeaf && _item5.IsLeaf && _item6.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2, T3, T4, T5, T6> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
        graph.Path.Step = 3;
        _item4.Write(ref writer, value.Item4, graph);
        graph.Path.Step = 4;
        _item5.Write(ref writer, value.Item5, graph);
        graph.Path.Step = 5;
        _item6.Write(ref writer, value.Item6, graph);
    }

    public override ValueTuple<T1, T2, T3, T4, T5, T6> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!,
        _item3.Read(ref reader, graph)!,
        _item4.Read(ref reader, graph)!,
        _item5.Read(ref reader, graph)!,
        _item6.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2, T3, T4, T5, T6, T7>() : TupleFormatter<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>(7)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;
    private readonly Formatter<T4> _item4 = FormatterCache<T4>.Instance;
    private readonly Formatter<T5> _item5 = FormatterCache<T5>.Instance;
    private readonly Formatter<T6> _item6 = FormatterCache<T6>.Instance;
    private readonly Formatter<T7> _item7 = FormatterCache<T7>.Instance;

    public override bool IsLeaf =>
        _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf && _item4.IsLeaf && _item5.IsLeaf && _item6.IsLeaf && _item7.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2, T3, T4, T5, T6, T7> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
        graph.Path.Step = 3;
        _item4.Write(ref writer, value.Item4, graph);
        graph.Path.Step = 4;
        _item5.Write(ref writer, value.Item5, graph);
        graph.Path.Step = 5;
        _item6.Write(ref writer, value.Item6, graph);
        graph.Path.Step = 6;
        _item7.Write(ref writer, value.Item7, graph);
    }

    public override ValueTuple<T1, T2, T3, T4, T5, T6, T7> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!,
        _item3.Read(ref reader, graph)!,
        _item4.Read(ref reader, graph)!,
        _item5.Read(ref reader, graph)!,
        _item6.Read(ref reader, graph)!,
        _item7.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2, T3, T4, T5, T6, T7, TRest>() : TupleFormatter<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>>(8)
    where TRest : struct
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;
    private readonly Formatter<T3> _item3 = FormatterCache<T3>.Instance;
    private readonly Formatter<T4> _item4 = FormatterCache<T4>.Instance;
    private readonly Formatter<T5> _item5 = FormatterCache<T5>.Instance;
    private readonly Formatter<T6> _item6 = FormatterCache<T6>.Instance;
    private readonly Formatter<T7> _item7 = FormatterCache<T7>.Instance;
    private readonly Formatter<TRest> _rest = FormatterCache<TRest>.Instance;

    public override bool IsLeaf =>
        _item1.IsLeaf && _item2.IsLeaf && _item3.IsLeaf && _item4.IsLeaf && _item5.IsLeaf && _item6.IsLeaf && _item7.IsLeaf && _rest.IsLeaf;

    public override void WriteElements(
        ref MessagePackWriter writer, in ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
        graph.Path.Step = 2;
        _item3.Write(ref writer, value.Item3, graph);
        graph.Path.Step = 3;
        _item4.Write(ref writer, value.Item4, graph);
        graph.Path.Step = 4;
        _item5.Write(ref writer, value.Item5, graph);
        graph.Path.Step = 5;
        _item6.Write(ref writer, value.Item6, graph);
        graph.Path.Step = 6;
        _item7.Write(ref writer, value.Item7, graph);
        graph.Path.Step = 7;
        if (_rest is IArguments<TRest> { Count: 1 } rest)
        {
            rest.WriteElements(ref writer, value.Rest, graph);
        }
        else
        {
            _rest.Write(ref writer, value.Rest, graph);
        }
    }

    public override string Segment(object? instance, int step) =>
        step < 7 || _rest is IArguments<TRest> { Count: 1 } ? base.Segment(instance, step) : ".Rest";

    // Not by the constructor, which wants the rest to be a tuple; the default value need not have one.
    public override ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> Read(ref MessagePackReader reader, GraphReader graph) => new()
    {
        Item1 = _item1.Read(ref reader, graph)!,
        Item2 = _item2.Read(ref reader, graph)!,
        Item3 = _item3.Read(ref reader, graph)!,
        Item4 = _item4.Read(ref reader, graph)!,
        Item5 = _item5.Read(ref reader, graph)!,
        Item6 = _item6.Read(ref reader, graph)!,
        Item7 = _item7.Read(ref reader, graph)!,
        Rest = _rest.Read(ref reader, graph)!,
    };
}
