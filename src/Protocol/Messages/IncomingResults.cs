using System.Buffers.Binary;
using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// What one worker's results consist of besides their messages: bodies in its area, of which it keeps account until the worker may use their room again, and
/// bodies that came in parts. It holds the worker to the limit of a result. Not thread-safe.
/// </summary>
/// <param name="area">Where the worker places results; null: nowhere.</param>
/// <param name="maxBytes">The most bytes of the graph of one result or report.</param>
/// <param name="onError">Told what is wrong with a message, before that is thrown; null: nobody is.</param>
internal sealed class IncomingResults(BlockArea? area, long maxBytes = IncomingResults.MaxBytes, Action<string>? onError = null)
{
    /// <summary>The body of a record of kind <see cref="RecordKind.Placed"/>: offset (8) and length (8), little-endian.</summary>
    public const int PlaceLength = 16;

    /// <summary>The most bytes that the graph of a result can have, whatever is allowed: behind its length, it fits into one array.</summary>
    public const long MaxBytes = 0x7FFFFFC7;

    /// <summary>A failure may be so large where results have to be smaller.</summary>
    public const int MinFailureLimit = 1 << 20;

    private readonly List<long> _read = [];
    private GatheredParts? _parts;

    /// <summary>How many bytes were read since <see cref="TakeRead"/>.</summary>
    public long Bytes { get; private set; }

    public static void WritePlace(Span<byte> target, long offset, int length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, offset);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], length);
    }

    /// <summary>A part of a body that is too large for one message. The message behind the last one brings the rest.</summary>
    /// <param name="unit">Whose result or report it is.</param>
    /// <param name="part">The bytes. They are copied.</param>
    /// <param name="isAwaited">Whether somebody waits for that unit: else nothing is kept.</param>
    /// <exception cref="InvalidDataException">It does not go on with the part before it, or there are more bytes than a result may have.</exception>
    public void AddPart(long unit, ReadOnlySpan<byte> part, bool isAwaited)
    {
        _parts ??= new GatheredParts(unit, isAwaited);
        if (_parts.Unit != unit || part.IsEmpty)
        {
            throw ProtocolError($"A part of {part.Length} bytes belongs to unit {unit}, where parts of unit {_parts.Unit} were not at their end.");
        }

        if (_parts.Length + part.Length > MaxBody(RecordKind.Fault))
        {
            throw ProtocolError($"The parts of unit {unit} are more than the {maxBytes} bytes that a result may have.");
        }

        _parts.Add(part);
    }

    /// <summary>A record with the item itself, if that is placed or came in parts.</summary>
    /// <exception cref="InvalidDataException">It cannot be where the record says, or is larger than it may be.</exception>
    public ResultRecord Resolve(in ResultRecord record)
    {
        var whole = _parts is not null ? Join(record) : record.Kind == RecordKind.Placed ? Read(record) : record;
        return whole.Body.Length <= maxBytes ? whole : Checked(whole);
    }

    /// <summary>The value of a report, if it came in parts with them.</summary>
    /// <param name="unit">Whose report it is.</param>
    /// <param name="value">As it came.</param>
    /// <param name="parts">To be disposed of once the value has been dealt with; null: nothing is.</param>
    /// <exception cref="InvalidDataException">It is larger than it may be, or parts of something else stand before it.</exception>
    public ReadOnlyMemory<byte> Report(long unit, ReadOnlyMemory<byte> value, out IDisposable? parts)
    {
        parts = null;
        if (_parts is { } gathered)
        {
            _parts = null;
            parts = gathered;
            value = gathered.Unit == unit ? gathered.With(value.Span)
                : throw ProtocolError($"A report of unit {unit} came behind parts of unit {gathered.Unit}.");
        }

        return value.Length <= maxBytes ? value : throw ProtocolError($"A report of unit {unit} has {value.Length} bytes; at most {maxBytes} are allowed.");
    }

    /// <summary>The message, and what belongs to it, has been dealt with; or nothing more will come. Parts are forgotten.</summary>
    public void EndMessage()
    {
        ((IDisposable?)_parts)?.Dispose();
        _parts = null;
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

    /// <summary>An exception for a message that no worker sends.</summary>
    public InvalidDataException ProtocolError(string message)
    {
        onError?.Invoke(message);
        return new InvalidDataException(message);
    }

    private ResultRecord Read(in ResultRecord record)
    {
        if (area is null || record.Count != 1 || record.Body.Length != PlaceLength)
        {
            throw ProtocolError($"A result was placed in a way that cannot be: {record.Count} items, told in {record.Body.Length} bytes.");
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span);
        var length = BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span[8..]);
        if (!area.Contains(offset, length))
        {
            throw ProtocolError($"A result claims {length} bytes from {offset} of an area that does not have them.");
        }

        var item = area.Read(offset, length);
        _read.Add(offset);
        Bytes += item.Length;
        return record with { Kind = RecordKind.Values, Body = item };
    }

    // Parts are of the first record of the message behind them. They stay until the end of the message.
    private ResultRecord Join(in ResultRecord record)
    {
        if (_parts!.IsJoined)
        {
            return record.Kind == RecordKind.Placed ? Read(record) : record;
        }

        return record.Id == _parts.Unit && record.Count == 1 && record.Kind is RecordKind.Values or RecordKind.Fault or RecordKind.NotSerializable
            ? record with { Body = _parts.With(record.Body.Span) }
            : throw ProtocolError($"A record of unit {record.Id}, of kind {record.Kind}, came behind parts of unit {_parts.Unit}.");
    }

    private ResultRecord Checked(in ResultRecord record)
    {
        var max = MaxBody(record.Kind);
        if (record.Body.Length <= max && record.Kind != RecordKind.Values)
        {
            return record;
        }

        if (record.Kind == RecordKind.Values)
        {
            // All of them together may be more: each is behind its own length.
            var rest = record.Body.Span;
            for (var left = record.Count; left > 0 && !rest.IsEmpty; left--)
            {
                if (ItemBlock.TakeItem(ref rest).Length > maxBytes)
                {
                    throw ProtocolError($"A result of unit {record.Id} has more than the {maxBytes} bytes that are allowed.");
                }
            }

            return record;
        }

        throw ProtocolError($"A failure of unit {record.Id} has {record.Body.Length} bytes; at most {max} are allowed.");
    }

    private long MaxBody(RecordKind kind) => kind == RecordKind.Values ? maxBytes + ItemBlock.PrefixLength : Math.Max(maxBytes + ItemBlock.PrefixLength, MinFailureLimit);
}
