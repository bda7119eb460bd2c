using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The parts of one worker's results that are outside of their messages: bodies in its shared memory, which are counted
/// until the worker may reuse that memory, and bodies that arrive in parts. It also enforces the size limit of a
/// result. Not thread-safe.
/// </summary>
/// <param name="buffers">The shared memory for results; null: none.</param>
/// <param name="maxBytes">The maximum size in bytes of the graph of one result or report.</param>
/// <param name="onError">
/// Receives the description of an invalid message, before the exception is thrown; null: nobody does.
/// </param>
internal sealed class IncomingResults(SharedBufferPool? buffers, long maxBytes = IncomingResults.MaxBytes, Action<string>? onError = null)
{
    /// <summary>
    /// The size of the body of a record of kind <see cref="RecordKind.Placed"/>: offset (8) and length (8),
    /// little-endian.
    /// </summary>
    public const int PlaceLength = 16;

    /// <summary>
    /// The maximum size in bytes of the graph of a result under any setting: with its length in front, it fits into one
    /// array.
    /// </summary>
    public const long MaxBytes = 0x7FFFFFC7;

    /// <summary>The size in bytes that a failure may always have, even if results must be smaller.</summary>
    public const int MinFailureLimit = 1 << 20;

    private readonly List<long> _read = [];
    private GatheredParts? _parts;

    /// <summary>The number of bytes that were read since <see cref="TakeRead"/>.</summary>
    public long Bytes { get; private set; }

    public static void WritePlace(Span<byte> target, long offset, int length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, offset);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], length);
    }

    /// <summary>
    /// Adds a part of a body that is too large for one message. The message after the last part contains the rest.
    /// </summary>
    /// <param name="unit">The unit of the result or report.</param>
    /// <param name="part">The bytes, which are copied.</param>
    /// <param name="isAwaited">Whether the unit is awaited; otherwise nothing is kept.</param>
    /// <exception cref="InvalidDataException">
    /// The part does not continue the one before it, or the body exceeds the limit of a result.
    /// </exception>
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

    /// <summary>Resolves a record whose item is in shared memory or arrived in parts.</summary>
    /// <exception cref="InvalidDataException">
    /// The location in the record is impossible, or the item exceeds its limit.
    /// </exception>
    public ResultRecord Resolve(in ResultRecord record)
    {
        var whole = _parts is not null ? Join(record) : record.Kind == RecordKind.Placed ? Read(record) : record;
        return whole.Body.Length <= maxBytes ? whole : Checked(whole);
    }

    /// <summary>Resolves the value of a report that may have arrived in parts.</summary>
    /// <param name="unit">The unit of the report.</param>
    /// <param name="value">The value in the message.</param>
    /// <param name="parts">To be disposed once the value has been handled; null: nothing.</param>
    /// <exception cref="InvalidDataException">
    /// The value exceeds its limit, or parts of another unit came before it.
    /// </exception>
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

    /// <summary>
    /// Ends a message that has been handled, with its parts; also called when nothing more will come. The parts are
    /// freed.
    /// </summary>
    public void EndMessage()
    {
        ((IDisposable?)_parts)?.Dispose();
        _parts = null;
    }

    /// <summary>Takes the offsets of the items that were read, once they have been handled; null: none.</summary>
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

    /// <summary>Reports an invalid message, and returns the exception to throw.</summary>
    public InvalidDataException ProtocolError(string message)
    {
        onError?.Invoke(message);
        return new InvalidDataException(message);
    }

    private ResultRecord Read(in ResultRecord record)
    {
        if (buffers is null || record.Count != 1 || record.Body.Length != PlaceLength)
        {
            throw ProtocolError($"A result was placed in a way that cannot be: {record.Count} items, told in {record.Body.Length} bytes.");
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span);
        var length = BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span[8..]);
        if (!buffers.Contains(offset, length))
        {
            throw ProtocolError($"A result claims {length} bytes from {offset} of an area that does not have them.");
        }

        var item = buffers.Read(offset, length);
        _read.Add(offset);
        Bytes += item.Length;
        return record with { Kind = RecordKind.Values, Body = item };
    }

    // The parts belong to the first record of the message after them. They stay valid until that message has been
    // handled.
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
            // The items together may be larger: each has its own length in front.
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
