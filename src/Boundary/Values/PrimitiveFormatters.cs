using MessagePack;

namespace MultiProc.Boundary;

// The types for which MessagePack has an encoding of its own that keeps every value.

internal sealed class BooleanFormatter : LeafFormatter<bool>
{
    public override void Write(ref MessagePackWriter writer, bool value, GraphWriter graph) => writer.Write(value);

    public override bool Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadBoolean();
}

internal sealed class ByteFormatter : LeafFormatter<byte>
{
    public override void Write(ref MessagePackWriter writer, byte value, GraphWriter graph) => writer.Write(value);

    public override byte Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadByte();
}

internal sealed class SByteFormatter : LeafFormatter<sbyte>
{
    public override void Write(ref MessagePackWriter writer, sbyte value, GraphWriter graph) => writer.Write(value);

    public override sbyte Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadSByte();
}

internal sealed class Int16Formatter : LeafFormatter<short>
{
    public override void Write(ref MessagePackWriter writer, short value, GraphWriter graph) => writer.Write(value);

    public override short Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadInt16();
}

internal sealed class UInt16Formatter : LeafFormatter<ushort>
{
    public override void Write(ref MessagePackWriter writer, ushort value, GraphWriter graph) => writer.Write(value);

    public override ushort Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadUInt16();
}

internal sealed class Int32Formatter : LeafFormatter<int>
{
    public override void Write(ref MessagePackWriter writer, int value, GraphWriter graph) => writer.Write(value);

    public override int Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadInt32();
}

internal sealed class UInt32Formatter : LeafFormatter<uint>
{
    public override void Write(ref MessagePackWriter writer, uint value, GraphWriter graph) => writer.Write(value);

    public override uint Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadUInt32();
}

internal sealed class Int64Formatter : LeafFormatter<long>
{
    public override void Write(ref MessagePackWriter writer, long value, GraphWriter graph) => writer.Write(value);

    public override long Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadInt64();
}

internal sealed class UInt64Formatter : LeafFormatter<ulong>
{
    public override void Write(ref MessagePackWriter writer, ulong value, GraphWriter graph) => writer.Write(value);

    public override ulong Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadUInt64();
}

internal sealed class SingleFormatter : LeafFormatter<float>
{
    public override void Write(ref MessagePackWriter writer, float value, GraphWriter graph) => writer.Write(value);

    public override float Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadSingle();
}

internal sealed class DoubleFormatter : LeafFormatter<double>
{
    public override void Write(ref MessagePackWriter writer, double value, GraphWriter graph) => writer.Write(value);

    public override double Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadDouble();
}

internal sealed class CharFormatter : LeafFormatter<char>
{
    public override void Write(ref MessagePackWriter writer, char value, GraphWriter graph) => writer.Write(value);

    public override char Read(ref MessagePackReader reader, GraphReader graph) => reader.ReadChar();
}
