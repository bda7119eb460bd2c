using MultiProc.SharedStateChild;

namespace MultiProc.Specs.Sharing;

public sealed class QueueSpecs
{
    private const int Limit = 120_000;

    [Theory(Timeout = Limit)]
    [InlineData(null, 10)]
    [InlineData(3, 10)]
    [InlineData(null, 20_000)]
    public async Task Items_from_several_processes_arrive_each_once_and_in_their_producers_order(int? capacity, int padding)
    {
        using var queue = new SharedQueue<string>(capacity);
        using var first = ChildProcess.Start("produce", SharedHandle.Of(queue), "a", padding, 300);
        using var second = ChildProcess.Start("produce", SharedHandle.Of(queue), "b", padding, 300);

        var items = new List<string>();
        for (var i = 0; i < 600; i++)
        {
            items.Add((await queue.DequeueAsync()).Split(' ')[0]);
        }

        Assert.Equal(await first.ReadToEndAsync(), items.Where(item => item.StartsWith('a')));
        Assert.Equal(await second.ReadToEndAsync(), items.Where(item => item.StartsWith('b')));
        Assert.Equal(0, queue.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Items_survive_the_process_that_put_them_in()
    {
        using var queue = new SharedQueue<string>();
        using (var child = ChildProcess.Start("produce", SharedHandle.Of(queue), "a", 1_000_000, 3))
        {
            await child.ReadToEndAsync();
        }

        Assert.Equal(1_000_004, (await queue.DequeueAsync()).Length);
        Assert.Equal(2, queue.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Completion_ends_consumers_in_other_processes()
    {
        using var queue = new SharedQueue<string>();
        using var child = ChildProcess.Start("consume", SharedHandle.Of(queue));
        await queue.EnqueueAsync("one ");

        await child.ExpectAsync("one");
        queue.Complete();

        await child.ExpectAsync("end");
    }

    [Fact(Timeout = Limit)]
    public async Task Killing_waiting_consumers_loses_nothing()
    {
        using var queue = new SharedQueue<string>();
        var consumers = ChildProcess.Start(3, "consume", SharedHandle.Of(queue));
        var reading = consumers.Select(consumer => consumer.ReadAsync()).ToArray();
        for (var i = 0; i < 30; i++)
        {
            queue.Enqueue("hello ");
        }

        await Task.WhenAny(reading);
        while (queue.Count > 0)
        {
            await Task.Delay(1);
        }

        Array.ForEach(consumers, consumer => consumer.Dispose());
        for (var i = 0; i < 10; i++)
        {
            queue.Enqueue($"{i} ");
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i} ", await queue.DequeueAsync());
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Killing_producers_and_consumers_loses_and_duplicates_nothing_that_was_confirmed()
    {
        const int Rounds = 4;
        using var queue = new SharedQueue<string>(capacity: 50);
        var confirmed = new List<string>();
        var consumed = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            using var producer = ChildProcess.Start("produce", SharedHandle.Of(queue), $"p{round}", 3_000, int.MaxValue);
            using var consumer = ChildProcess.Start("consume", SharedHandle.Of(queue));
            var producing = producer.ReadToEndAsync();
            consumed.AddRange(await consumer.ReadAsync(50 + (13 * round)));
            producer.Kill();
            consumer.Kill();
            confirmed.AddRange(await producing);
            consumed.AddRange(await consumer.ReadToEndAsync());
        }

        queue.Complete();
        await foreach (var item in queue.ReadAllAsync())
        {
            Assert.Equal(3_000, item.Split(' ')[1].Length);
            consumed.Add(item.Split(' ')[0]);
        }

        Assert.Equal(consumed.Count, consumed.Distinct().Count());

        // Each killed consumer may have had one item in hand that it could not report any more,
        // and each killed producer may have put one in that it could not report.
        Assert.InRange(confirmed.Except(consumed).Count(), 0, Rounds);
        Assert.InRange(consumed.Except(confirmed).Count(), 0, Rounds);
    }

    [Fact(Timeout = Limit)]
    public async Task Killing_producers_alone_loses_nothing_that_was_confirmed()
    {
        using var queue = new SharedQueue<string>();
        var consumed = new List<string>();
        var consuming = Task.Run(async () =>
        {
            await foreach (var item in queue.ReadAllAsync())
            {
                consumed.Add(item.Split(' ')[0]);
            }
        });
        var confirmed = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            var producers = Enumerable.Range(0, 2)
                .Select(i => ChildProcess.Start("produce", SharedHandle.Of(queue), $"p{round}{i}", 500, int.MaxValue)).ToArray();
            foreach (var producer in producers)
            {
                confirmed.AddRange(await producer.ReadAsync(50 + (13 * round)));
            }

            foreach (var producer in producers)
            {
                producer.Kill();
                confirmed.AddRange(await producer.ReadToEndAsync());
                producer.Dispose();
            }
        }

        queue.Complete();
        await consuming;

        Assert.Empty(confirmed.Except(consumed));
        Assert.Equal(consumed.Count, consumed.Distinct().Count());
    }
}
