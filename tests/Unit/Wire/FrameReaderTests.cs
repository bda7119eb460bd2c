using System.Buffers.Binary;
using CsCheck;
using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

public sealed class FrameReaderTests
{
    [Fact]
    public void Frames_come_back_as_they_were_written_however_the_bytes_arrive() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[0, 20], Gen.Int[1, 64]).Sample(
            static (frames, most) =>
            {
                var reader = new FrameReader(new TrickleStream([.. frames.SelectMany(static (content, i) => Frame(content, i))], most));
                foreach (var expected in frames)
                {
                    Assert.True(reader.TryRead(out var frame));
                    Assert.Equal(expected, frame.ToArray());
                }

                Assert.False(reader.TryRead(out _));
            },
            iter: 300);

    [Fact]
    public void Frames_larger_than_any_buffer_come_back_and_so_do_small_ones_behind_them()
    {
        byte[] large = [.. Enumerable.Range(0, 5_000_000).Select(static i => (byte)(i * 31))];
        var reader = new FrameReader(new TrickleStream([.. Frame(large), .. Frame([7], 1)], most: 60_000));

        Assert.True(reader.TryRead(out var first));
        Assert.True(first.Span.SequenceEqual(large));
        Assert.True(reader.TryRead(out var second));
        Assert.Equal([7], second.ToArray());
    }

    [Fact]
    public void A_stream_that_ends_inside_a_frame_is_an_error_wherever_it_ends()
    {
        var whole = Frame([1, 2, 3, 4, 5]);
        for (var length = 1; length < whole.Length; length++)
        {
            var reader = new FrameReader(new TrickleStream(whole[..length]));
            Assert.Throws<EndOfStreamException>(() => reader.TryRead(out _));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void An_impossible_length_is_an_error(int length) =>
        Assert.Throws<InvalidDataException>(() => new FrameReader(new TrickleStream(Header(length))).TryRead(out _));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_frame_that_came_before_or_comes_too_early_is_an_error(int number)
    {
        var reader = new FrameReader(new TrickleStream([.. Frame([1]), .. Frame([2], number)]));
        Assert.True(reader.TryRead(out _));

        Assert.Contains("where frame 1 was due", Assert.Throws<InvalidDataException>(() => reader.TryRead(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_of_two_gigabytes_costs_no_memory_until_they_arrive()
    {
        var reader = new FrameReader(new TrickleStream([.. Header(FrameReader.MaxFrame), 1, 2, 3]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EndOfStreamException>(() => reader.TryRead(out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void A_frame_is_held_to_the_limit_of_its_side(int length, bool isAllowed)
    {
        var reader = new FrameReader(new TrickleStream(Frame(new byte[length])), maxFrame: 1_000);

        if (isAllowed)
        {
            Assert.True(reader.TryRead(out var frame));
            Assert.Equal(length, frame.Length);
        }
        else
        {
            Assert.Contains("at most 1000", Assert.Throws<InvalidDataException>(() => reader.TryRead(out _)).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Frame(byte[] content, int number = 0) => [.. Header(content.Length, number), .. content];

    private static byte[] Header(int length, int number = 0)
    {
        var header = new byte[FrameReader.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, length);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(FrameReader.NumberOffset), number);
        return header;
    }
}
