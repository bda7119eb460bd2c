using CsCheck;
using MultiProc.Sequences;

namespace MultiProc.Unit.Sequences;

public sealed class ChunkerTests
{
    [Fact]
    public void The_callers_own_number_is_obeyed()
    {
        var chunker = new Chunker(fixedSize: 7, workers: 4, total: 20, maxSize: 1_000, new ItemTime());
        chunker.Measure(3_600_000);

        Assert.Equal(7, chunker.Next(begun: 19));
    }

    [Fact]
    public void The_first_chunks_are_of_one_item_until_one_has_come_back()
    {
        var chunker = new Chunker(null, 2, null, 1_000, new ItemTime());

        Assert.Equal([1, 1, 1], [chunker.Next(0), chunker.Next(1), chunker.Next(2)]);
    }

    [Fact]
    public void Chunks_of_fast_items_grow_step_by_step_to_a_few_milliseconds()
    {
        var chunker = new Chunker(null, 2, null, 100_000, new ItemTime());
        var sizes = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            sizes.Add(chunker.Next(0));
            chunker.Measure(0.001);
        }

        Assert.Equal([1, 8, 64, 512], sizes[..4]);
        Assert.InRange(sizes[^1], 3_500, 4_500);
    }

    [Fact]
    public void A_map_begins_with_what_the_one_before_it_has_shown()
    {
        var known = new ItemTime();
        new Chunker(null, 2, null, 100_000, known).Measure(0.01);
        var chunker = new Chunker(null, 2, null, 100_000, known);

        Assert.Equal(100, chunker.Next(0));
        chunker.Measure(0.01);
        Assert.Equal(400, chunker.Next(100));
        Assert.Equal(25, new Chunker(null, 2, total: 100, 100_000, known).Next(0));
    }

    [Fact]
    public void What_nobody_has_measured_changes_nothing()
    {
        var known = new ItemTime();
        new Chunker(null, 2, null, 100_000, known).Measure(double.NaN);

        Assert.False(known.IsKnown);
    }

    [Fact]
    public void Chunks_of_slow_items_are_of_one()
    {
        var chunker = new Chunker(null, 2, 1_000_000, 1_000, new ItemTime());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, chunker.Next(i));
            chunker.Measure(50);
        }
    }

    [Fact]
    public void Towards_the_end_chunks_are_a_fair_share_of_what_is_left()
    {
        var chunker = new Chunker(null, workers: 2, total: 1_000, maxSize: 10_000, new ItemTime());
        for (var i = 0; i < 10; i++)
        {
            chunker.Next(0);
            chunker.Measure(0.0001);
        }

        Assert.Equal([250, 25, 1, 1], [chunker.Next(0), chunker.Next(900), chunker.Next(996), chunker.Next(1_000)]);
    }

    [Fact]
    public void A_chunk_always_holds_something_and_never_more_than_it_may() =>
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 5_000], Gen.Int[0, 10_000], Gen.Select(Gen.Int[0, 20_000], Gen.Long[0, 10_000_000]).Array[0, 30]).Sample(
            static (workers, most, total, chunks) =>
            {
                var chunker = new Chunker(null, workers, total, most, new ItemTime());
                foreach (var (begun, ticks) in chunks)
                {
                    var size = chunker.Next(begun);
                    Assert.InRange(size, 1, most);
                    chunker.Measure(ticks / 10_000.0 / size);
                }
            },
            iter: 300);
}
