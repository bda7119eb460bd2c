using System.Buffers.Binary;
using CsCheck;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Wire;

public sealed class ResultRecordTests
{
    [Fact]
    public void Records_come_back_as_they_were_written() =>
        Records.Any.Sample(static records =>
            Assert.Equal(records.Select(Records.Describe), ResultRecord.ReadAll(Records.Bytes(records)).Select(Records.Describe)), iter: 300);

    [Fact]
    public void A_block_that_is_cut_short_is_refused_behind_its_whole_records() =>
        Gen.Select(Records.Any, Gen.Int[0, 400]).Sample(
            static (records, cut) =>
            {
                var bytes = Records.Bytes(records);
                cut = Math.Min(cut, bytes.Length);
                var (whole, end) = Whole(records, cut);
                var read = ResultRecord.ReadAll(bytes.AsMemory(0, cut)).GetEnumerator();
                foreach (var record in whole)
                {
                    Assert.True(read.MoveNext());
                    Assert.Equal(Records.Describe(record), Records.Describe(read.Current));
                }

                if (end == cut)
                {
                    Assert.False(read.MoveNext());
                }
                else
                {
                    Assert.Throws<InvalidDataException>(() => read.MoveNext());
                }
            },
            iter: 500);

    [Theory]
    [InlineData(4, 0, 1, 0)]
    [InlineData(6, 0, 1, 0)]
    [InlineData(0, -1, 1, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, -1, 0)]
    [InlineData(0, 0, 1, -1)]
    [InlineData(0, 0, 1, int.MaxValue)]
    public void A_record_that_makes_no_sense_is_refused(byte kind, int firstItem, int count, int length)
    {
        var bytes = new byte[ResultRecord.HeaderLength];
        ResultRecord.WriteHeader(bytes, 1, (RecordKind)kind, firstItem, count, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(17), length);

        Assert.Throws<InvalidDataException>(() => ResultRecord.ReadAll(bytes).ToList());
    }

    [Fact]
    public void Random_bytes_are_records_or_refused() =>
        Gen.Byte.Array[0, 100].Sample(
            static bytes =>
            {
                try
                {
                    Assert.All(ResultRecord.ReadAll(bytes), static record => Assert.InRange(record.Count, 1, int.MaxValue));
                }
                catch (InvalidDataException)
                {
                    // As it should be.
                }
            },
            iter: 2_000);

    [Fact]
    public void A_split_record_holds_the_same_items() =>
        Gen.Select(Records.Any, Gen.Int[1, 4]).Sample(
            static (records, at) =>
            {
                foreach (var record in records.Where(record => record.Kind == RecordKind.Values && record.Count > at))
                {
                    var (front, back) = record.SplitBehind(at);
                    Assert.Equal((record.FirstItem, at, record.FirstItem + at, record.Count - at), (front.FirstItem, front.Count, back.FirstItem, back.Count));
                    Assert.Equal<byte>(record.Body.ToArray(), (byte[])[.. front.Body.Span, .. back.Body.Span]);
                }
            },
            iter: 300);

    private static (List<ResultRecord> Whole, int End) Whole(ResultRecord[] records, int cut)
    {
        var whole = new List<ResultRecord>();
        var end = 0;
        foreach (var record in records)
        {
            var next = end + ResultRecord.HeaderLength + record.Body.Length;
            if (next > cut)
            {
                break;
            }

            whole.Add(record);
            end = next;
        }

        return (whole, end);
    }
}
