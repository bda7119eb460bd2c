using CsCheck;
using MultiProc.Protocol.Memory;

namespace MultiProc.Unit.Memory;

public sealed class SharedBufferPoolTests
{
    public SharedBufferPoolTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Areas exist only on Linux.");

    [Fact]
    public void What_one_process_places_the_other_reads()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        using var reader = SharedBufferPool.ForReading(buffers.Handle);
        var block = buffers.TryRent(100_000)!;
        block.GetSpan().Fill(7);
        block.GetSpan()[99_999] = 8;

        var read = reader.Read(block.Offset, 100_000);

        Assert.Equal((7, 8), (read.Span[0], read.Span[99_999]));
    }

    [Fact]
    public void A_worker_places_in_the_area_that_the_host_created()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        using var worker = SharedBufferPool.ForWriting(buffers.Handle);
        var block = worker.TryRent(10)!;
        block.GetSpan()[9] = 9;

        Assert.Equal(9, buffers.Read(block.Offset, 10).Span[9]);
    }

    [Fact]
    public void Blocks_never_overlap_and_keep_what_was_written() =>
        Gen.Select(Gen.Int[1, 300_000], Gen.Int[0, 2], Gen.Int[0, 9]).Array[1, 60].Sample(
            static deeds =>
            {
                using var buffers = SharedBufferPool.TryCreate()!;
                List<(SharedBuffer Block, int Length, byte Fill)> blocks = [];
                byte fill = 0;
                foreach (var (length, deed, which) in deeds)
                {
                    if (deed == 0 && blocks.Count > which)
                    {
                        blocks[which].Block.Release();
                        blocks.RemoveAt(which);
                    }
                    else if (deed == 1 && blocks.Count > which)
                    {
                        var (block, old, known) = blocks[which];
                        if (length > old && block.TryExtend(length))
                        {
                            block.GetSpan()[old..length].Fill(known);
                            blocks[which] = (block, length, known);
                        }
                    }
                    else
                    {
                        var block = buffers.TryRent(length)!;
                        block.GetSpan()[..length].Fill(++fill);
                        blocks.Add((block, length, fill));
                    }

                    Assert.All(blocks, static one => Assert.False(one.Block.GetSpan()[..one.Length].ContainsAnyExcept(one.Fill)));
                }
            },
            iter: 100);

    [Fact]
    public void The_lowest_room_is_used_again()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var first = buffers.TryRent(1_000)!;
        buffers.TryRent(1_000);

        first.Release();

        Assert.Equal(first.Offset, buffers.TryRent(500)!.Offset);
    }

    [Fact]
    public void A_block_that_was_given_back_cannot_be_looked_into()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var block = buffers.TryRent(1_000)!;
        ReadOnlyMemory<byte> memory = block.Memory;

        SharedBuffer.Release(memory[10..20]);

        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
    }

    [Fact]
    public void A_full_area_takes_no_more()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        List<SharedBuffer> blocks = [];
        while (buffers.TryRent(1 << 26) is { } block)
        {
            blocks.Add(block);
        }

        Assert.NotEmpty(blocks);
        Assert.All(blocks.Skip(1).Zip(blocks), static pair => Assert.True(pair.First.Offset - pair.Second.Offset >= 1 << 26));
        Assert.False(blocks[^1].TryExtend(1 << 30));
        blocks[0].Release();
        Assert.NotNull(buffers.TryRent(1 << 20));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, -1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1L << 40, 0)]
    [InlineData(0, 1L << 40)]
    public void What_is_not_in_the_area_is_refused(long offset, long length)
    {
        using var buffers = SharedBufferPool.TryCreate()!;

        var error = Assert.Throws<InvalidDataException>(() => buffers.Read(offset, length));

        Assert.Contains(offset.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freeing_what_is_not_there_does_nothing()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        var block = buffers.TryRent(5_000)!;

        buffers.Free(block.Offset + 4_096);
        buffers.Free(-1);

        Assert.NotEqual(block.Offset, buffers.TryRent(1)!.Offset);
    }

    [Fact]
    public void Whoever_loses_sight_of_a_block_still_finds_it_as_it_was()
    {
        using var buffers = SharedBufferPool.TryCreate()!;
        using var reader = SharedBufferPool.ForReading(buffers.Handle);
        buffers.TryRent(1 << 26);
        var block = buffers.TryRent(1 << 20)!;
        block.GetSpan().Fill(5);
        var read = reader.Read(block.Offset, 1 << 20);
        Assert.False(read.Span.ContainsAnyExcept((byte)5));

        SharedBuffer.Release(read);

        Assert.False(reader.Read(block.Offset, 1 << 20).Span.ContainsAnyExcept((byte)5));
    }

    [Fact]
    public void A_disposed_area_takes_no_more_and_what_it_has_stays_readable()
    {
        var buffers = SharedBufferPool.TryCreate()!;
        var block = buffers.TryRent(1_000)!;
        block.GetSpan().Fill(3);

        buffers.Dispose();
        buffers.Dispose();

        Assert.Null(buffers.TryRent(1));
        Assert.Equal(3, block.GetSpan()[999]);
        block.Release();
    }

    [Theory]
    [InlineData(4_096)]
    [InlineData(16_384)]
    [InlineData(65_536)]
    public void Trimming_touches_no_block_however_large_a_page_is(int page) =>
        Gen.Select(Gen.Int[1, 300_000], Gen.Bool).Array[2, 40].Sample(
            deeds =>
            {
                using var buffers = SharedBufferPool.TryCreate(page)!;
                List<SharedBuffer> blocks = [];
                foreach (var (length, _) in deeds)
                {
                    blocks.Add(buffers.TryRent(length)!);
                }

                for (var i = deeds.Length - 1; i >= 0; i--)
                {
                    if (deeds[i].Item2)
                    {
                        blocks[i].Release();
                        blocks.RemoveAt(i);
                    }
                }

                Assert.All(blocks, block => Assert.Equal(0, block.Offset % page));
                foreach (var (begin, end) in buffers.FreeExtents())
                {
                    // What the system does: the beginning has to be a page's, and the end is rounded up to one.
                    Assert.Equal(0, begin % page);
                    var last = (end + page - 1) / page * page;
                    Assert.DoesNotContain(blocks, block => block.Offset < last && begin < block.Offset + block.Length);
                }
            },
            iter: 100);

    [Theory]
    [InlineData(0, 65_536, 0, 65_536)]
    [InlineData(1, 131_072, 65_536, 131_072)]
    [InlineData(4_096, 131_071, 65_536, 65_536)]
    [InlineData(0, 200_000, 0, 196_608)]
    public void Only_whole_pages_of_a_range_are_given_back(long begin, long end, long first, long last) =>
        Assert.Equal((first, last), SharedMemory.WholePages(begin, end, 65_536));

    [Fact]
    public void What_is_trimmed_is_given_back_and_nothing_else()
    {
        var buffers = SharedBufferPool.TryCreate()!;
        var (first, second, third) = (buffers.TryRent(100_000)!, buffers.TryRent(100_000)!, buffers.TryRent(100_000)!);
        first.GetSpan().Fill(1);
        second.GetSpan().Fill(2);
        third.GetSpan().Fill(3);
        var free = buffers.Read(first.Offset, 100_000);
        first.Release();

        buffers.Dispose(); // it trims

        Assert.False(free.Span.ContainsAnyExcept((byte)0));
        Assert.False(second.GetSpan()[..100_000].ContainsAnyExcept((byte)2));
        Assert.False(third.GetSpan()[..100_000].ContainsAnyExcept((byte)3));
    }
}
