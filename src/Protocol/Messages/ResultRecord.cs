using System.Buffers.Binary;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// A result record: the outcome of one or more consecutive items of a unit. Records are concatenated in a
/// <see cref="Methods.Done"/> message and in the status page's journal.
/// </summary>
/// <param name="Id">The unit's id.</param>
/// <param name="Kind">The outcome of the items.</param>
/// <param name="FirstItem">The number of the first item.</param>
/// <param name="Count">The number of items.</param>
/// <param name="Body">The content, whose format depends on <paramref name="Kind"/>.</param>
internal readonly record struct ResultRecord(long Id, RecordKind Kind, int FirstItem, int Count, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The size of the header: id (8), kind (1), first item (4), count (4), length of the body (4); little-endian.
    /// </summary>
    public const int HeaderLength = 21;

    /// <summary>
    /// The average time of an item in milliseconds, in a record of kind <see cref="RecordKind.Took"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The body is not that of such a record.</exception>
    public double ItemMilliseconds => Body.Length == sizeof(long)
        ? BinaryPrimitives.ReadInt64LittleEndian(Body.Span) / 1e6 / Count
        : throw new InvalidDataException($"A record of how long {Count} items took needs {sizeof(long)} bytes, not {Body.Length}.");

    public static void WriteHeader(Span<byte> target, long id, RecordKind kind, int firstItem, int count, int bodyLength)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, id);
        target[8] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(target[9..], firstItem);
        WriteGrowth(target, count, bodyLength);
    }

    /// <summary>Updates the header at <paramref name="target"/> of a record that has grown.</summary>
    public static void WriteGrowth(Span<byte> target, int count, int bodyLength)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[13..], count);
        BinaryPrimitives.WriteInt32LittleEndian(target[17..], bodyLength);
    }

    /// <summary>Splits a record of values after its first <paramref name="count"/> items.</summary>
    /// <exception cref="InvalidDataException">The body is truncated.</exception>
    public (ResultRecord Front, ResultRecord Back) SplitBehind(int count)
    {
        var rest = Body;
        for (var i = 0; i < count; i++)
        {
            ItemBlock.TakeItem(ref rest);
        }

        return (this with { Count = count, Body = Body[..^rest.Length] }, this with { FirstItem = FirstItem + count, Count = Count - count, Body = rest });
    }

    /// <summary>Reads all records of <paramref name="block"/>.</summary>
    /// <param name="block">The records as received.</param>
    /// <param name="results">Resolves bodies that are outside of the block; null: none may be.</param>
    /// <exception cref="InvalidDataException">The block is truncated or invalid.</exception>
    public static IEnumerable<ResultRecord> ReadAll(ReadOnlyMemory<byte> block, IncomingResults? results = null)
    {
        results ??= new IncomingResults(buffers: null);
        while (!block.IsEmpty)
        {
            if (block.Length < HeaderLength)
            {
                throw results.ProtocolError($"A result record needs {HeaderLength} bytes, {block.Length} are left.");
            }

            var header = block.Span;
            var record = new ResultRecord(
                BinaryPrimitives.ReadInt64LittleEndian(header),
                (RecordKind)header[8],
                BinaryPrimitives.ReadInt32LittleEndian(header[9..]),
                BinaryPrimitives.ReadInt32LittleEndian(header[13..]),
                default);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[17..]);
            if (length < 0 || length > block.Length - HeaderLength || record.Count < 1 || record.FirstItem < 0 || record.Kind > RecordKind.Took)
            {
                throw results.ProtocolError(
                    $"A result record makes no sense: {record.Kind}, items from {record.FirstItem}, {record.Count} of them, {length} bytes.");
            }

            yield return results.Resolve(record with { Body = block.Slice(HeaderLength, length) });
            block = block[(HeaderLength + length)..];
        }
    }
}
