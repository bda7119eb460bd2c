namespace MultiProc.Unit.Sharing;

public sealed class SharedQueueTests
{
    [Fact]
    public async Task Items_come_out_in_the_order_they_went_in()
    {
        using var queue = new SharedQueue<string>();
        for (var i = 0; i < 1_000; i++)
        {
            await queue.EnqueueAsync($"item {i}");
        }

        Assert.Equal(1_000, queue.Count);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal($"item {i}", await queue.DequeueAsync());
        }

        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Enqueuing_into_a_full_queue_waits_for_room()
    {
        using var queue = new SharedQueue<int>(capacity: 2);
        queue.Enqueue(1);
        queue.Enqueue(2);

        var waiting = queue.EnqueueAsync(3);

        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, queue.Dequeue());
        await waiting;
        Assert.Equal([2, 3], [queue.Dequeue(), queue.Dequeue()]);
    }

    [Fact]
    public async Task Dequeuing_from_an_empty_queue_waits_for_an_item()
    {
        using var queue = new SharedQueue<int>();
        var waiting = queue.DequeueAsync();

        Assert.False(waiting.IsCompleted);
        Assert.False(queue.TryDequeue(out _));
        await queue.EnqueueAsync(5);

        Assert.Equal(5, await waiting);
    }

    [Fact]
    public async Task A_completed_queue_gives_what_it_has_and_then_throws()
    {
        using var queue = new SharedQueue<int>();
        queue.Enqueue(1);
        queue.Complete();
        queue.Complete();

        Assert.Throws<InvalidOperationException>(() => queue.Enqueue(2));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await queue.EnqueueAsync(2));
        Assert.Equal(1, queue.Dequeue());
        Assert.Throws<InvalidOperationException>(() => queue.Dequeue());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await queue.DequeueAsync());
        Assert.False(queue.TryDequeue(out _));
    }

    [Fact]
    public async Task Completing_ends_those_who_wait()
    {
        using var queue = new SharedQueue<int>(capacity: 1);
        using var empty = new SharedQueue<int>();
        queue.Enqueue(1);
        var enqueuing = queue.EnqueueAsync(2).AsTask();
        var dequeuing = Enumerable.Range(0, 3).Select(_ => empty.DequeueAsync().AsTask()).ToArray();

        queue.Complete();
        empty.Complete();

        await Assert.ThrowsAsync<InvalidOperationException>(() => enqueuing);
        foreach (var task in dequeuing)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => task);
        }
    }

    [Fact]
    public async Task A_canceled_wait_takes_and_leaves_nothing()
    {
        using var queue = new SharedQueue<int>(capacity: 1);
        using var cancellation = new CancellationTokenSource();
        var dequeuing = queue.DequeueAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dequeuing);

        using var second = new CancellationTokenSource();
        await queue.EnqueueAsync(1);
        var enqueuing = queue.EnqueueAsync(2, second.Token).AsTask();
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enqueuing);

        Assert.Equal(1, queue.Dequeue());
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Many_producers_and_consumers_lose_and_duplicate_nothing()
    {
        using var queue = new SharedQueue<int>(capacity: 10);
        var consumers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var items = new List<int>();
            await foreach (var item in queue.ReadAllAsync())
            {
                items.Add(item);
            }

            return items;
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(producer => Task.Run(async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                await queue.EnqueueAsync((producer * 1_000) + i);
            }
        })));
        queue.Complete();

        var all = (await Task.WhenAll(consumers)).SelectMany(items => items).Order();
        Assert.Equal(Enumerable.Range(0, 3_000), all);
    }

    [Fact]
    public void Items_are_copies()
    {
        using var queue = new SharedQueue<int[]>();
        int[] item = [1, 2];
        queue.Enqueue(item);
        item[0] = 9;

        Assert.Equal([1, 2], queue.Dequeue());
    }

    [Fact]
    public void An_item_that_cannot_be_copied_is_refused_and_nothing_is_enqueued()
    {
        using var queue = new SharedQueue<object>();
        using var cancellation = new CancellationTokenSource();

        var error = Assert.Throws<NotSerializableException>(() => queue.Enqueue(new object[] { 1, Thread.CurrentThread }));
        Assert.Equal("item[1]", error.Path);
        Assert.Throws<NotSerializableException>(() => queue.Enqueue(cancellation.Token));
        Assert.Throws<NotSerializableException>(() => queue.Enqueue(new Progress<int>()));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_shared_object_in_an_item_stays_itself()
    {
        using var queue = new SharedQueue<(string Name, SharedLock Lock)>();
        using var shared = new SharedLock();
        queue.Enqueue(("a", shared));

        Assert.Same(shared, queue.Dequeue().Lock);
    }

    [Fact]
    public void Large_and_small_items_mix()
    {
        using var queue = new SharedQueue<byte[]>();
        byte[][] items = [new byte[30_000_000], [], [1], new byte[100_000]];
        items[0][^1] = 1;
        Array.ForEach(items, item => queue.Enqueue(item));

        Assert.All(items, item => Assert.Equal(item, queue.Dequeue()));
    }

    [Fact]
    public async Task Disposing_ends_waits()
    {
        var queue = new SharedQueue<int>();
        var waiting = queue.DequeueAsync().AsTask();

        queue.Dispose();
        queue.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(() => queue.Enqueue(1));
        Assert.Throws<ObjectDisposedException>(() => queue.Count);
        Assert.Throws<ObjectDisposedException>(queue.Complete);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedQueue<int>(0));
    }
}
