using CsCheck;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Unit.Wire;

public sealed class JournalReaderTests
{
    [Fact]
    public void A_journal_cut_at_any_byte_yields_exactly_the_items_that_were_whole() =>
        Records.Any.Sample(
            static records =>
            {
                var bytes = Records.Bytes(records);
                for (var cut = 0; cut <= bytes.Length; cut++)
                {
                    Assert.Equal(Whole(records, cut), JournalReader.Recover(bytes.AsMemory(0, cut), running: null).SelectMany(Items));
                }
            },
            iter: 200);

    [Fact]
    public void Random_bytes_never_fail_and_never_yield_more_than_there_is() =>
        Gen.Byte.Array[0, 200].Sample(
            static bytes => Assert.InRange(JournalReader.Recover(bytes, running: null).Sum(static record => record.Body.Length), 0, bytes.Length), iter: 3_000);

    [Fact]
    public void What_has_begun_is_not_given_back()
    {
        // Sent, and begun again before the worker could clear its journal.
        var bytes = Records.Bytes([new ResultRecord(5, RecordKind.Returned, 2, 3, default), new ResultRecord(6, RecordKind.Returned, 0, 1, default)]);

        Assert.Equal([6L], JournalReader.Recover(bytes, running: (5, 2)).Select(static record => record.Id));
        Assert.Equal([5L, 6L], JournalReader.Recover(bytes, running: (5, 1)).Select(static record => record.Id));
        Assert.Equal([5L, 6L], JournalReader.Recover(bytes, running: null).Select(static record => record.Id));
    }

    // Each item with the last byte that it needs.
    private static IEnumerable<string> Whole(ResultRecord[] records, int cut)
    {
        var offset = 0;
        foreach (var record in records)
        {
            offset += ResultRecord.HeaderLength;
            var body = record.Body;
            foreach (var item in Items(record))
            {
                offset += record.Kind == RecordKind.Values ? ItemBlock.PrefixLength + ItemBlock.TakeItem(ref body).Length : 0;
                if (offset + (record.Kind == RecordKind.Values ? 0 : record.Body.Length) <= cut)
                {
                    yield return item;
                }
            }

            offset += record.Kind == RecordKind.Values ? 0 : record.Body.Length;
        }
    }

    private static IEnumerable<string> Items(ResultRecord record)
    {
        if (record.Kind != RecordKind.Values)
        {
            yield return Records.Describe(record);
            yield break;
        }

        var body = record.Body;
        for (var i = 0; i < record.Count; i++)
        {
            yield return $"{record.Id} {record.FirstItem + i} {Convert.ToHexString(ItemBlock.TakeItem(ref body).Span)}";
        }
    }
}
