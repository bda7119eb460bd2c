using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>The guide's answers to which worker, and when.</summary>
public sealed class SchedulingSpecs : PoolSpec
{
    [Spec]
    public async Task All_workers_are_told_and_there_may_be_more_or_fewer()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        // <resize>
        await pool.ResizeAsync(3);    // complete when the new ones are ready
        // </resize>

        // <broadcast>
        int[] processes = await pool.BroadcastAsync(() => Environment.ProcessId);   // one for each worker, by slot
        await pool.BroadcastAsync(() => GC.Collect());
        // </broadcast>

        Assert.Equal(3, processes.Distinct().Count());
        Assert.Equal(pool.Workers.Select(static worker => worker.ProcessId), processes);
    }

    [Spec]
    public async Task Urgent_calls_begin_first()
    {
        using var scratch = new Scratch();
        var journal = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(1);

        // <priority>
        Task running = pool.RunAsync(() => Thread.Sleep(200));
        Task report = pool.RunAsync(() => journal.Add("report"));
        Task urgent = pool.RunAsync(() => journal.Add("urgent"), new CallOptions { Priority = 1 });
        await Task.WhenAll(running, report, urgent);   // urgent came before report
        // </priority>

        Assert.Equal(["urgent", "report"], journal.Lines());
    }

    [Spec]
    public async Task Equal_keys_meet_in_one_worker()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        // <affinity>
        var forAnn = new CallOptions { AffinityKey = "customer/ann" };
        int first = await pool.RunAsync(() => Environment.ProcessId, forAnn);
        int second = await pool.RunAsync(() => Environment.ProcessId, forAnn);   // the same: what it has cached is still there
        // </affinity>

        Assert.Equal(first, second);
    }

    [Spec]
    public async Task Submitting_to_a_full_queue_waits()
    {
        var loaded = 0;
        static int Load(int part) => part;

        // <queue-capacity>
        var options = new ProcessPoolOptions { Processes = 1, QueueCapacity = 100 };
        await using var pool = await ProcessPool.StartAsync(options);
        List<Task> calls = [];
        for (var part = 0; part < 1000; part++)
        {
            int data = Load(part);
            calls.Add(pool.ApplyAsync(Square, data));   // not accepted before there is room
            if (calls.Count >= 200)
            {
                await Task.WhenAny(calls);              // so this producer slows down to the pool's pace
                loaded += calls.RemoveAll(call => call.IsCompleted);
            }
        }

        await Task.WhenAll(calls);
        // </queue-capacity>

        Assert.Equal(1000, loaded + calls.Count);
        Assert.Equal(1000, pool.Statistics.Completed);
    }

    [Spec]
    public async Task A_standby_worker_takes_over_at_once()
    {
        // <standby>
        var options = new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1 };
        await using var pool = await ProcessPool.StartAsync(options);
        // </standby>

        var lost = pool.Workers[0].ProcessId;
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(1)));
        Assert.NotEqual(lost, await pool.RunAsync(static () => Environment.ProcessId));
    }
}
