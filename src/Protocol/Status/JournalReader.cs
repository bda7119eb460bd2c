using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Status;

/// <summary>
/// The reader of a dead worker's journal. The last record may have been growing when the worker died, so only whole
/// items count. A record stays in the journal a moment after it was sent, so work that was returned may have been sent
/// to the worker again meanwhile.
/// </summary>
internal static class JournalReader
{
    /// <param name="journal">The journal's bytes.</param>
    /// <param name="running">
    /// The unit and the item that were running; null: none. Items that have begun are not returned.
    /// </param>
    public static IReadOnlyList<ResultRecord> Recover(ReadOnlyMemory<byte> journal, (long Unit, int Item)? running)
    {
        var records = new List<ResultRecord>();
        while (journal.Length >= ResultRecord.HeaderLength)
        {
            var header = journal.Span;
            var id = BinaryPrimitives.ReadInt64LittleEndian(header);
            var kind = (RecordKind)header[8];
            var firstItem = BinaryPrimitives.ReadInt32LittleEndian(header[9..]);
            var count = BinaryPrimitives.ReadInt32LittleEndian(header[13..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[17..]);
            if (kind > RecordKind.Took || length < 0)
            {
                break;
            }

            var body = journal.Slice(ResultRecord.HeaderLength, Math.Min(length, journal.Length - ResultRecord.HeaderLength));
            journal = journal[(ResultRecord.HeaderLength + body.Length)..];
            if (kind == RecordKind.Values)
            {
                count = Math.Min(count, CountWholeItems(ref body));
            }
            else if (body.Length < length)
            {
                break;
            }

            if (count > 0 && !(kind == RecordKind.Returned && running?.Unit == id && running?.Item >= firstItem))
            {
                records.Add(new ResultRecord(id, kind, firstItem, count, body));
            }
        }

        return records;
    }

    private static int CountWholeItems(ref ReadOnlyMemory<byte> body)
    {
        var rest = body;
        var count = 0;
        while (rest.Length >= ItemBlock.PrefixLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            if (length < 0 || length > rest.Length - ItemBlock.PrefixLength)
            {
                break;
            }

            rest = rest[(ItemBlock.PrefixLength + length)..];
            count++;
        }

        body = body[..^rest.Length];
        return count;
    }
}
