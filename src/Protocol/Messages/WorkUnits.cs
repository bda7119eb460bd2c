using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The encoding of the units of one <see cref="Methods.Run"/> message: an array of arrays of eight. A function that
/// equals the previous unit's is nil. A body in shared memory is an array of its offset and length.
/// </summary>
internal static class WorkUnits
{
    private const int Fields = 8;

    /// <summary>Writes units into a frame, which references large blocks without copying them.</summary>
    public static void Write(ref MessagePackWriter writer, ReadOnlySpan<WorkUnit> units, FrameBuilder frame)
    {
        writer.WriteArrayHeader(units.Length);
        var previous = default(ReadOnlyMemory<byte>);
        foreach (var unit in units)
        {
            writer.WriteArrayHeader(Fields);
            writer.Write(unit.Id);
            writer.Write(unit.FirstItem);
            writer.Write(unit.Count);
            writer.Write(unit.IsSequence);
            writer.Write(unit.IsTimed);
            if (unit.Function.Equals(previous) && !previous.IsEmpty)
            {
                writer.WriteNil();
            }
            else
            {
                frame.WriteBlock(ref writer, unit.Function);
            }

            previous = unit.Function;
            if (SharedBuffer.IsIn(unit.Body, out var offset))
            {
                writer.WriteArrayHeader(2);
                writer.Write(offset);
                writer.Write(unit.Body.Length);
            }
            else
            {
                frame.WriteBlock(ref writer, unit.Body);
            }

            writer.Write(unit.Trace);
        }
    }

    /// <summary>Reads units. Their blocks are slices of the input, which must stay valid as long as they do.</summary>
    /// <param name="reader">The reader, at the beginning of the units.</param>
    /// <param name="buffers">The shared memory for bodies that are not in the message; null: none.</param>
    /// <exception cref="Exception">The units are truncated or invalid.</exception>
    public static WorkUnit[] Read(ref MessagePackReader reader, SharedBufferPool? buffers = null)
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
            function = reader.ReadBytes()?.First ?? function;
            units[i] = new WorkUnit(id, first, count, isSequence, isTimed, function, ReadBody(ref reader, buffers), reader.ReadString());
        }

        return units;
    }

    private static ReadOnlyMemory<byte> ReadBody(ref MessagePackReader reader, SharedBufferPool? buffers)
    {
        if (buffers is null || reader.NextMessagePackType != MessagePackType.Array)
        {
            return reader.ReadBytes()?.First ?? default;
        }

        return reader.ReadArrayHeader() == 2
            ? buffers.Read(reader.ReadInt64(), reader.ReadInt64())
            : throw new MessagePackSerializationException("A block is told by where it begins and how long it is.");
    }
}
