using CsCheck;
using MultiProc.Protocol.Memory;
using MultiProc.Sharing;

namespace MultiProc.Unit.Sharing;

public sealed class QueueRingTests
{
    [Fact]
    public void Any_sequence_of_items_in_and_out_behaves_as_a_queue_whatever_is_killed_in_between()
    {
        // Positive: put in an item of that size; negative: take one out.
        Gen.Int[-2, 3].Select(Gen.Int[0, 1_000_000], (kind, size) => kind > 0 ? size >> (4 * (3 - kind)) : -1).Array[0, 300].Sample(
            steps =>
            {
                using var memory = SharedMemory.Create(QueueRing.InitialSize, mayGrow: true);
                var ring = new QueueRing(memory);
                var state = new QueueState { Size = QueueRing.InitialSize };
                var model = new Queue<byte[]>();
                for (var i = 0; i < steps.Length; i++)
                {
                    // As if killed before the new state was written.
                    _ = ring.Append(state, Item(-i, Math.Abs(7 * steps[i]) % 100_000));
                    _ = ring.Compact(state);
                    if (steps[i] >= 0)
                    {
                        var item = Item(i, steps[i]);
                        model.Enqueue(item);
                        state = ring.Append(state, item);
                    }
                    else if (model.TryDequeue(out var expected))
                    {
                        state = ring.TakeFirst(state, long.MaxValue, out var item, out _);
                        Assert.Equal(expected, item);
                        var compact = ring.Compact(state);
                        ring.Discard(compact, state.Size);
                        state = compact;
                    }

                    Assert.Equal(model.Count, state.Count);
                }
            },
            iter: 30);
    }

    [Fact]
    public void Memory_that_is_no_longer_used_is_given_up_and_what_is_left_survives()
    {
        using var memory = SharedMemory.Create(QueueRing.InitialSize, mayGrow: true);
        var ring = new QueueRing(memory);
        var state = new QueueState { Size = QueueRing.InitialSize };
        for (var i = 0; i < 100; i++)
        {
            state = ring.Append(state, Item(i, 1_000_000));
        }

        var largest = state.Size;
        for (var i = 0; i < 99; i++)
        {
            state = ring.TakeFirst(state, long.MaxValue, out var item, out _);
            Assert.Equal(Item(i, 1_000_000), item);
            var compact = ring.Compact(state);
            ring.Discard(compact, state.Size);
            state = compact;
        }

        Assert.True(largest >= 100_000_000);
        Assert.True(state.Size <= 8 * 1024 * 1024, $"{state.Size} bytes are still in use.");
        ring.TakeFirst(state, long.MaxValue, out var last, out _);
        Assert.Equal(Item(99, 1_000_000), last);
    }

    [Fact]
    public void What_does_not_come_to_count_changes_nothing()
    {
        using var memory = SharedMemory.Create(QueueRing.InitialSize, mayGrow: true);
        var ring = new QueueRing(memory);
        var before = ring.Append(new QueueState { Size = QueueRing.InitialSize }, Item(1, 50_000));
        before = ring.TakeFirst(before, long.MaxValue, out _, out _);
        before = ring.Append(before, Item(2, 40_000)); // wraps around

        // As if killed before the new state was written.
        _ = ring.Append(before, Item(3, 10_000));
        _ = ring.Append(before, Item(4, 1_000_000));
        _ = ring.TakeFirst(before, long.MaxValue, out _, out _);

        ring.TakeFirst(before, long.MaxValue, out var item, out _);
        Assert.Equal(Item(2, 40_000), item);
    }

    private static byte[] Item(int seed, int size)
    {
        var item = new byte[size];
        new Random(seed).NextBytes(item);
        return item;
    }
}
