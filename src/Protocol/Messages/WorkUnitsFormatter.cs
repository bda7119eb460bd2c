using MessagePack;
using MessagePack.Formatters;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>The units of one <see cref="Methods.Run"/> message, written by hand: an array of arrays of eight. A function that is the previous unit's is nil.</summary>
internal sealed class WorkUnitsFormatter : IMessagePackFormatter<WorkUnit[]?>
{
    private const int Fields = 8;

    /// <summary>Writes units into a frame, which takes large blocks as they are.</summary>
    public static void Write(ref MessagePackWriter writer, WorkUnit[] units, FrameBuilder frame)
    {
        writer.WriteArrayHeader(units.Length);
        var previous = default(ReadOnlyMemory<byte>);
        foreach (var unit in units)
        {
            WriteNumbers(ref writer, unit);
            if (unit.Function.Equals(previous) && !previous.IsEmpty)
            {
                writer.WriteNil();
            }
            else
            {
                frame.WriteBlock(ref writer, unit.Function);
            }

            previous = unit.Function;
            frame.WriteBlock(ref writer, unit.Body);
            writer.Write(unit.Trace);
        }
    }

    /// <param name="reader">Stands before the array.</param>
    /// <param name="copies">Whether the blocks are copied, or are parts of what is read.</param>
    public static WorkUnit[] Read(ref MessagePackReader reader, bool copies)
    {
        var units = new WorkUnit[reader.ReadArrayHeader()];
        var function = default(ReadOnlyMemory<byte>);
        for (var i = 0; i < units.Length; i++)
        {
            if (reader.ReadArrayHeader() != Fields)
            {
                throw new MessagePackSerializationException($"A unit of work has {Fields} fields.");
            }

            var (id, first, count) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32());
            var (isSequence, isTimed) = (reader.ReadBoolean(), reader.ReadBoolean());
            function = ReadBlock(ref reader, copies) ?? function;
            units[i] = new WorkUnit(id, first, count, isSequence, isTimed, function, ReadBlock(ref reader, copies) ?? default, reader.ReadString());
        }

        return units;
    }

    public void Serialize(ref MessagePackWriter writer, WorkUnit[]? value, MessagePackSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteArrayHeader(value.Length);
        foreach (var unit in value)
        {
            WriteNumbers(ref writer, unit);
            writer.Write(unit.Function.Span);
            writer.Write(unit.Body.Span);
            writer.Write(unit.Trace);
        }
    }

    public WorkUnit[] Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => Read(ref reader, copies: true);

    private static void WriteNumbers(ref MessagePackWriter writer, in WorkUnit unit)
    {
        writer.WriteArrayHeader(Fields);
        writer.Write(unit.Id);
        writer.Write(unit.FirstItem);
        writer.Write(unit.Count);
        writer.Write(unit.IsSequence);
        writer.Write(unit.IsTimed);
    }

    private static ReadOnlyMemory<byte>? ReadBlock(ref MessagePackReader reader, bool copies)
    {
        if (reader.ReadBytes() is not { } block)
        {
            return null;
        }

        return copies || !block.IsSingleSegment ? System.Buffers.BuffersExtensions.ToArray(block) : block.First;
    }
}
