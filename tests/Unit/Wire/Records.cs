using CsCheck;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Wire;

/// <summary>Random result records, and their bytes.</summary>
internal static class Records
{
    private static readonly Gen<ResultRecord> Values = Gen.Select(
        Gen.Long, Gen.Int[0, int.MaxValue - 100], Gen.Byte.Array[0, 12].Array[1, 5],
        static (id, first, items) => new ResultRecord(id, RecordKind.Values, first, items.Length, Block(items)));

    private static readonly Gen<ResultRecord> Failure = Gen.Select(
        Gen.Long, Gen.Int[0, int.MaxValue], Gen.Byte.Array[1, 12], Gen.Bool,
        static (id, first, body, isFault) => new ResultRecord(id, isFault ? RecordKind.Fault : RecordKind.NotSerializable, first, 1, body));

    private static readonly Gen<ResultRecord> Returned = Gen.Select(
        Gen.Long, Gen.Int[0, 1_000], Gen.Int[1, 1_000], static (id, first, count) => new ResultRecord(id, RecordKind.Returned, first, count, default));

    public static Gen<ResultRecord[]> Any { get; } = Gen.Frequency((3, Values), (1, Failure), (1, Returned)).Array[0, 6];

    public static byte[] Bytes(IEnumerable<ResultRecord> records) => [.. records.SelectMany(Bytes)];

    public static byte[] Bytes(ResultRecord record)
    {
        var bytes = new byte[ResultRecord.HeaderLength + record.Body.Length];
        ResultRecord.WriteHeader(bytes, record.Id, record.Kind, record.FirstItem, record.Count, record.Body.Length);
        record.Body.CopyTo(bytes.AsMemory(ResultRecord.HeaderLength));
        return bytes;
    }

    /// <summary>What can be compared: the body of a record is a slice of something larger.</summary>
    public static string Describe(ResultRecord record) =>
        $"{record.Id} {record.Kind} {record.FirstItem}+{record.Count} {Convert.ToHexString(record.Body.Span)}";

    private static ReadOnlyMemory<byte> Block(byte[][] items)
    {
        var block = new ByteBuffer();
        foreach (var item in items)
        {
            var begin = ItemBlock.BeginItem(block);
            block.Write(item);
            ItemBlock.EndItem(block, begin);
        }

        return block.WrittenMemory;
    }
}
