using CsCheck;
using MultiProc.Boundary;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Unit.Wire;

namespace MultiProc.Unit.Memory;

/// <summary>What is written, sent and read when it is placed in an area.</summary>
public sealed class PlacedBytesTests
{
    public PlacedBytesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Areas exist only on Linux.");

    [Fact]
    public void A_buffer_holds_what_was_written_wherever_it_puts_it() =>
        Gen.Int[0, 200_000].Array[1, 8].Sample(
            static lengths =>
            {
                using var buffers = SharedBufferPool.TryCreate()!;
                var (placed, plain) = (new ByteBuffer { Pool = buffers }, new ByteBuffer());
                byte next = 0;
                foreach (var length in lengths)
                {
                    foreach (var buffer in new[] { placed, plain })
                    {
                        buffer.GetSpan(length)[..length].Fill(next);
                        buffer.Advance(length);
                    }

                    next++;
                }

                Assert.True(plain.WrittenSpan.SequenceEqual(placed.WrittenSpan));
                Assert.False(placed.TryTakeBlock(out var taken) && placed.WrittenCount < SharedBufferPool.MinLength);
                Assert.True(plain.WrittenSpan.SequenceEqual(taken.Span));
            },
            iter: 100);

    [Fact]
    public void A_buffer_whose_area_is_full_goes_on_in_an_array()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var buffer = new ByteBuffer { Pool = buffers };
        buffer.Write(new byte[100_000]);
        foreach (var length in new[] { 1 << 20, 1 })
        {
            while (buffers.TryRent(length) is not null)
            {
            }
        }

        buffer.Write(Enumerable.Repeat((byte)1, 300_000).ToArray());

        Assert.False(buffer.TryTakeBlock(out var written));
        Assert.Equal((400_000, 0, 1), (written.Length, written.Span[99_999], written.Span[100_000]));
    }

    [Fact]
    public void A_buffer_that_begins_anew_gives_its_block_back()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var buffer = new ByteBuffer { Pool = buffers };
        buffer.Write(new byte[100_000]);

        buffer.Reset();

        Assert.Equal(0, buffers.TryRent(1)!.Offset);
    }

    [Fact]
    public void A_body_in_a_block_does_not_travel()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        using var reader = SharedBufferPool.ForReading(buffers.Handle);
        var block = buffers.TryRent(100_000)!;
        block.GetSpan().Fill(9);
        var unit = new WorkUnit(1, 0, 1, IsSequence: false, IsTimed: false, new byte[] { 1 }, block.Memory[10..90_000]);

        var bytes = UnitBytes.Write([unit, unit with { Id = 2, Body = new byte[] { 4 } }]);
        var read = UnitBytes.Read(bytes, reader);

        Assert.InRange(bytes.Length, 1, 100);
        Assert.Equal((89_990, 9), (read[0].Body.Length, read[0].Body.Span[^1]));
        Assert.Equal([4], read[1].Body.ToArray());
    }

    [Fact]
    public void A_body_that_cannot_be_in_the_area_is_refused()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var unit = new WorkUnit(1, 0, 1, IsSequence: false, IsTimed: false, default, buffers.TryRent(100_000)!.Memory);
        var bytes = UnitBytes.Write([unit]);
        bytes[bytes.AsSpan().IndexOf((byte)0x92) + 1] = 0xff;

        Assert.ThrowsAny<Exception>(() => UnitBytes.Read(bytes, buffers));
        Assert.ThrowsAny<Exception>(() => UnitBytes.Read(bytes, buffers: null));
    }

    [Fact]
    public void A_placed_result_is_read_like_any_other_and_may_then_be_freed()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        using var worker = SharedBufferPool.ForWriting(buffers.Handle);
        worker.TryRent(1);
        var block = worker.TryRent(1_000)!;
        block.GetSpan().Fill(6);
        var placed = new IncomingResults(buffers);

        var record = Assert.Single(ResultRecord.ReadAll(Record(block.Offset, 1_000), placed));

        Assert.Equal((RecordKind.Values, 1_000, 6), (record.Kind, record.Body.Length, record.Body.Span[999]));
        Assert.Equal(1_000, placed.Bytes);
        Assert.Equal([block.Offset], placed.TakeRead()!);
        Assert.Null(placed.TakeRead());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1L << 40, 1)]
    [InlineData(0, long.MaxValue)]
    public void A_result_that_cannot_be_where_it_says_is_refused(long offset, long length)
    {
        using var buffers = SharedBufferPool.TryCreate()!;

        Assert.Throws<InvalidDataException>(() => ResultRecord.ReadAll(Record(offset, length), new IncomingResults(buffers)).ToList());
        Assert.Throws<InvalidDataException>(() => ResultRecord.ReadAll(Record(offset, length)).ToList());
    }

    private static byte[] Record(long offset, long length)
    {
        var bytes = new byte[ResultRecord.HeaderLength + IncomingResults.PlaceLength];
        ResultRecord.WriteHeader(bytes, 1, RecordKind.Placed, 0, 1, IncomingResults.PlaceLength);
        IncomingResults.WritePlace(bytes.AsSpan(ResultRecord.HeaderLength), offset, (int)Math.Min(length, int.MaxValue));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(ResultRecord.HeaderLength + 8), length);
        return bytes;
    }
}
