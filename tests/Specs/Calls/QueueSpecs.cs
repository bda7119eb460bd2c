namespace MultiProc.Specs.Calls;

public sealed class QueueSpecs : PoolSpec
{
    [Spec]
    public async Task Calls_begin_in_the_order_of_submission()
    {
        using var scratch = new Scratch();
        var order = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(1);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => pool.ApplyAsync(static (Journal order, int i) => order.Add(i), order, i)));

        Assert.Equal(Enumerable.Range(0, 200).Select(static i => $"{i}"), order.Lines());
    }

    [Spec]
    public async Task Sixty_four_threads_that_submit_at_once_each_get_their_own_results()
    {
        const int Threads = 64;
        const int Calls = 50;
        await using var pool = await ProcessPool.StartAsync(2);
        var results = new int[Threads][];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            results[thread] = Task.WhenAll(Enumerable.Range(0, Calls).Select(i => pool.ApplyAsync(static (int a, int b) => (a * 1_000) + b, thread, i)))
                .GetAwaiter().GetResult();
        })).ToList();

        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());

        Assert.All(results.Index(), static thread => Assert.Equal(Enumerable.Range(0, Calls).Select(i => (thread.Index * 1_000) + i), thread.Item));
        Assert.Equal(Threads * Calls, pool.Statistics.Completed);
    }

    [Spec]
    public async Task Higher_priorities_go_first_and_equal_ones_in_order()
    {
        using var scratch = new Scratch();
        var (begun, go, order) = (scratch.Mark("begun"), scratch.Mark("go"), scratch.Journal());
        await using var pool = await ProcessPool.StartAsync(1);
        var blocker = pool.RunAsync(() =>
        {
            begun.Set();
            go.Wait();
        });
        await begun.WaitAsync();

        Task Call(string name, int priority) =>
            pool.ApplyAsync(static (Journal order, string name) => order.Add(name), order, name, new CallOptions { Priority = priority });

        Task[] calls = [Call("a0", 0), Call("b5", 5), Call("c-1", -1), Call("d5", 5), Call("e0", 0), Call("f9", 9)];
        go.Set();
        await Task.WhenAll(calls);
        await blocker;

        Assert.Equal(["f9", "b5", "d5", "a0", "e0", "c-1"], order.Lines());
    }

    [Spec]
    public async Task A_high_priority_overtakes_even_what_has_travelled_ahead_of_time()
    {
        using var scratch = new Scratch();
        var order = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(1);
        var calls = Enumerable.Range(0, 100).Select(i => pool.ApplyAsync(
            static (Journal order, int i) =>
            {
                order.Add(i);
                Thread.Sleep(10);
            },
            order, i)).ToArray();
        await Eventually.TrueAsync(() => order.Lines().Length >= 10);

        await pool.ApplyAsync(static (Journal order, string name) => order.Add(name), order, "urgent", new CallOptions { Priority = 1 });
        var position = Array.IndexOf(order.Lines(), "urgent");
        await Task.WhenAll(calls);

        Assert.InRange(position, 10, 60);
        Assert.Equal(101, order.Lines().Length);
    }

    [Spec]
    public async Task A_full_queue_makes_submitting_wait_and_the_waiting_can_be_cancelled()
    {
        using var scratch = new Scratch();
        var (begun, go, ran) = (scratch.Mark("begun"), scratch.Mark("go"), scratch.Journal());
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, QueueCapacity = 2 });
        var blocker = pool.RunAsync(() =>
        {
            begun.Set();
            go.Wait();
        });
        await begun.WaitAsync();
        using var cancellation = new CancellationTokenSource();
        Task[] queued = [pool.RunAsync(() => ran.Add("first")), pool.RunAsync(() => ran.Add("second"))];
        var cancelled = pool.RunAsync(() => ran.Add("cancelled"), cancellationToken: cancellation.Token);
        var waiting = pool.RunAsync(() => ran.Add("third"));

        await Eventually.TrueAsync(() => pool.Statistics.Queued == 2);
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Equal(2, pool.Statistics.Queued);
        go.Set();
        await Task.WhenAll([blocker, waiting, .. queued]);
        Assert.Equal(["first", "second", "third"], ran.Lines());
    }

    [Spec]
    public async Task A_full_queue_takes_in_order_all_that_many_threads_submit()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, QueueCapacity = 3 });

        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => pool.ApplyAsync(static (int x) => -x, i))));

        Assert.Equal(Enumerable.Range(0, 500).Select(static i => -i), results);
    }

    [Spec]
    public async Task Equal_affinity_keys_share_a_worker_and_different_ones_use_both()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        Task<int> Process(string key) => pool.RunAsync(
            static () =>
            {
                Thread.Sleep(5);
                return Environment.ProcessId;
            },
            new CallOptions { AffinityKey = key });

        var calls = Enumerable.Range(0, 40).Select(i => (Key: i % 2 == 0 ? "even" : "odd", Process: Process(i % 2 == 0 ? "even" : "odd"))).ToArray();
        await Task.WhenAll(calls.Select(static call => call.Process));

        var byKey = calls.ToLookup(static call => call.Key, static call => call.Process.Result);
        Assert.Single(byKey["even"].Distinct());
        Assert.Single(byKey["odd"].Distinct());
        Assert.NotEqual(byKey["even"].First(), byKey["odd"].First());
    }

    [Spec]
    public async Task Equal_affinity_keys_move_together_when_their_worker_is_lost()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var keyed = new CallOptions { AffinityKey = "same" };
        var first = await pool.RunAsync(static () => Environment.ProcessId, keyed);

        Posix.Signal(first, Posix.Kill);
        var later = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pool.RunAsync(static () => Environment.ProcessId, keyed)));

        Assert.NotEqual(first, Assert.Single(later.Distinct()));
    }
}
