using System.Numerics;
using System.Text;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class DecimalFormatter : LeafFormatter<decimal>, ILooksForRule
{
    public override void Write(ref MessagePackWriter writer, decimal value, GraphWriter graph)
    {
        if (graph.ValueRules is { } rules && rules.ForValue<decimal>() is { } rule)
        {
            rule.Write(ref writer, value, graph);
            return;
        }

        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var span = writer.GetSpan(18);
        span[0] = MessagePackCode.Bin8;
        span[1] = 16;
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits).CopyTo(span[2..]);
        writer.Advance(18);
    }

    public override decimal Read(ref MessagePackReader reader, GraphReader graph)
    {
        if (graph.ValueRules is { } rules && rules.ForValue<decimal>() is { } rule)
        {
            return rule.Read(ref reader, graph);
        }

        var bytes = Blocks.ReadSpan(ref reader);
        return bytes.Length == 16
            ? new decimal(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes))
            : throw new BoundaryFormatException("A decimal does not have 16 bytes.");
    }
}

internal sealed class IntPtrFormatter : LeafFormatter<nint>
{
    public override void Write(ref MessagePackWriter writer, nint value, GraphWriter graph) => writer.Write((long)value);

    public override nint Read(ref MessagePackReader reader, GraphReader graph) => checked((nint)reader.ReadInt64());
}

internal sealed class UIntPtrFormatter : LeafFormatter<nuint>
{
    public override void Write(ref MessagePackWriter writer, nuint value, GraphWriter graph) => writer.Write((ulong)value);

    public override nuint Read(ref MessagePackReader reader, GraphReader graph) => checked((nuint)reader.ReadUInt64());
}

internal sealed class BigIntegerFormatter : LeafFormatter<BigInteger>
{
    public override void Write(ref MessagePackWriter writer, BigInteger value, GraphWriter graph) => writer.Write(value.ToByteArray());

    public override BigInteger Read(ref MessagePackReader reader, GraphReader graph) => new(Blocks.ReadSpan(ref reader));
}

internal sealed class IndexFormatter : LeafFormatter<Index>
{
    public override void Write(ref MessagePackWriter writer, Index value, GraphWriter graph) =>
        writer.Write(value.IsFromEnd ? ~value.Value : value.Value);

    public override Index Read(ref MessagePackReader reader, GraphReader graph)
    {
        var value = reader.ReadInt32();
        return value < 0 ? new Index(~value, fromEnd: true) : new Index(value);
    }
}

internal sealed class RangeFormatter : LeafFormatter<Range>
{
    private static readonly IndexFormatter Ends = new();

    public override void Write(ref MessagePackWriter writer, Range value, GraphWriter graph)
    {
        Ends.Write(ref writer, value.Start, graph);
        Ends.Write(ref writer, value.End, graph);
    }

    public override Range Read(ref MessagePackReader reader, GraphReader graph) =>
        new(Ends.Read(ref reader, graph), Ends.Read(ref reader, graph));
}

internal sealed class RuneFormatter : LeafFormatter<Rune>
{
    public override void Write(ref MessagePackWriter writer, Rune value, GraphWriter graph) => writer.Write(value.Value);

    public override Rune Read(ref MessagePackReader reader, GraphReader graph) => new(reader.ReadInt32());
}
