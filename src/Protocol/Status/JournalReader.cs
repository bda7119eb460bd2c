using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Status;

/// <summary>
/// Reads the journal of a dead worker. Its last record may have been growing when the worker died: only whole items count. And a record stays a moment longer than
/// it takes to send it: work that was given back may have come again meanwhile.
/// </summary>
internal static class JournalReader
{
    /// <param name="journal">As the worker left it.</param>
    /// <param name="running">The unit and the item that were running; null: none was. What has begun is not given back.</param>
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
