using System.Buffers.Binary;
using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Messages;

/// <summary>Reads results that a worker placed in its area, and keeps account of them until the worker may have their room again. Not thread-safe.</summary>
/// <param name="area">Where the worker places; null: nowhere.</param>
internal sealed class PlacedResults(BlockArea? area)
{
    /// <summary>The body of a record of kind <see cref="RecordKind.Placed"/>: offset (8) and length (8), little-endian.</summary>
    public const int PlaceLength = 16;

    private readonly List<long> _read = [];

    /// <summary>How many bytes were read since <see cref="TakeRead"/>.</summary>
    public long Bytes { get; private set; }

    public static void WritePlace(Span<byte> target, long offset, int length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, offset);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], length);
    }

    /// <summary>A record with the item itself, if that is placed.</summary>
    /// <exception cref="InvalidDataException">It cannot be where the record says.</exception>
    public ResultRecord Resolve(in ResultRecord record)
    {
        if (record.Kind != RecordKind.Placed)
        {
            return record;
        }

        if (area is null || record.Count != 1 || record.Body.Length != PlaceLength)
        {
            throw new InvalidDataException($"A result was placed in a way that cannot be: {record.Count} items, told in {record.Body.Length} bytes.");
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span);
        var item = area.Read(offset, BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span[8..]));
        _read.Add(offset);
        Bytes += item.Length;
        return record with { Kind = RecordKind.Values, Body = item };
    }

    /// <summary>The offsets of what was read, once it has been dealt with; null: nothing was.</summary>
    public long[]? TakeRead()
    {
        if (_read.Count == 0)
        {
            return null;
        }

        long[] read = [.. _read];
        _read.Clear();
        Bytes = 0;
        return read;
    }
}
