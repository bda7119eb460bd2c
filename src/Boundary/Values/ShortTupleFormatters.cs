using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Tuples without generated code, because the arguments of a call are one: the first call must not wait for a compiler.</summary>
internal abstract class TupleFormatter<T>(int count) : Formatter<T>, IArguments<T>, IPathPart
    where T : struct
{
    public int Count => count;

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        graph.Path.Step = 0;
        WriteElements(ref writer, value, graph);
        graph.Path.Pop();
    }

    /// <inheritdoc/>
    public abstract void WriteElements(ref MessagePackWriter writer, in T value, GraphWriter graph);

    /// <inheritdoc/>
    public virtual bool TryWriteNumbers(ByteBuffer output, in T value) => false;

    public virtual string Segment(object? instance, int step) => $".Item{step + 1}";
}

internal sealed class EmptyTupleFormatter() : TupleFormatter<ValueTuple>(0)
{
    public override bool IsLeaf => true;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple value, GraphWriter graph) => writer.WriteNil();

    public override ValueTuple Read(ref MessagePackReader reader, GraphReader graph)
    {
        reader.ReadNil();
        return default;
    }
}

/// <summary>As the rest of a longer tuple, its element counts as the eighth: whoever encloses it tells the path.</summary>
internal sealed class SingleTupleFormatter<T1>() : TupleFormatter<ValueTuple<T1>>(1)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;

    public override bool IsLeaf => _item1.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1> value, GraphWriter graph)
    {
        _item1.Write(ref writer, value.Item1, graph);
    }

    public override bool TryWriteNumbers(ByteBuffer output, in ValueTuple<T1> value)
    {
        if (!FixedNumber<T1>.IsOne)
        {
            return false;
        }

        FixedNumber<T1>.Write(output, value.Item1);
        return true;
    }

    public override ValueTuple<T1> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!);
}

internal sealed class TupleFormatter<T1, T2>() : TupleFormatter<ValueTuple<T1, T2>>(2)
{
    private readonly Formatter<T1> _item1 = FormatterCache<T1>.Instance;
    private readonly Formatter<T2> _item2 = FormatterCache<T2>.Instance;

    public override bool IsLeaf => _item1.IsLeaf && _item2.IsLeaf;

    public override void WriteElements(ref MessagePackWriter writer, in ValueTuple<T1, T2> value, GraphWriter graph)
    {
        graph.Path.Step = 0;
        _item1.Write(ref writer, value.Item1, graph);
        graph.Path.Step = 1;
        _item2.Write(ref writer, value.Item2, graph);
    }

    public override bool TryWriteNumbers(ByteBuffer output, in ValueTuple<T1, T2> value)
    {
        if (!FixedNumber<T1>.IsOne || !FixedNumber<T2>.IsOne)
        {
            return false;
        }

        FixedNumber<T1>.Write(output, value.Item1);
        FixedNumber<T2>.Write(output, value.Item2);
        return true;
    }

    public override ValueTuple<T1, T2> Read(ref MessagePackReader reader, GraphReader graph) => new(
        _item1.Read(ref reader, graph)!,
        _item2.Read(ref reader, graph)!);
}
