namespace MultiProc.Specs.Guide;

/// <summary>The guide's shared objects, handed over by the initializer as Python teaches.</summary>
public sealed class PythonSharingSpecs : PoolSpec
{
    [Spec]
    public async Task A_lock_guards_a_value()
    {
        // <lock>
        using var accountLock = new SharedLock();
        using var balance = new SharedValue<int>();
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Account.Open, accountLock, balance);
        await using (var pool = await ProcessPool.StartAsync(options))
        {
            await pool.MapAsync(Account.Deposit, Enumerable.Repeat(5, 200));
        }

        Console.WriteLine(balance.Value);   // 1000
        // </lock>

        Assert.Equal(1000, balance.Value);
    }

    [Spec]
    public async Task A_value_adds_without_a_lock()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        // <add>
        using var counter = new SharedValue<int>();
        await pool.MapAsync(x => { counter.Add(x); }, Enumerable.Range(1, 100));   // captured, not initialised
        Console.WriteLine(counter.Value);   // 5050
        // </add>

        Assert.Equal(5050, counter.Value);
    }

    [Spec]
    public async Task A_semaphore_limits_how_many_go_on()
    {
        // <semaphore>
        using var permits = new SharedSemaphore(1);
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Downloads.Limit, permits);
        await using var pool = await ProcessPool.StartAsync(options);
        string[] pages = await pool.MapAsync(Downloads.FetchAsync, [1, 2, 3]);   // one at a time, although there are two workers
        // </semaphore>

        Assert.Equal(["page 1", "page 2", "page 3"], pages);
        Assert.Equal(1, permits.CurrentCount);
    }

    [Spec]
    public async Task An_event_starts_all()
    {
        // <event>
        using var started = new SharedEvent();
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Race.Prepare, started);
        await using var pool = await ProcessPool.StartAsync(options);
        Task<string[]> race = pool.MapAsync(Race.Run, ["Ann", "Bob"]);
        started.Set();
        string[] runners = await race;   // Ann has run, Bob has run
        // </event>

        Assert.Equal(["Ann has run", "Bob has run"], runners);
    }

    [Spec]
    public async Task Two_workers_fill_one_array_and_meet_at_a_barrier()
    {
        // <barrier>
        using var barrier = new SharedBarrier(participants: 2);
        using var cells = new SharedArray<int>(1000);
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Rounds.Prepare, barrier, cells);
        await using var pool = await ProcessPool.StartAsync(options);
        int[] sums = await Task.WhenAll(pool.ApplyAsync(Rounds.FillThenSum, 0), pool.ApplyAsync(Rounds.FillThenSum, 1));   // 1500, 1500
        // </barrier>

        Assert.Equal([1500, 1500], sums);
        Assert.Equal((1, 2), (cells[499], cells[500]));
    }

    [Spec]
    public async Task A_queue_brings_what_is_found_at_once()
    {
        List<string> pages = [];

        // <queue>
        using var found = new SharedQueue<string>();
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Crawler.Prepare, found);
        await using var pool = await ProcessPool.StartAsync(options);
        Task visits = pool.MapAsync(Crawler.Visit, ["a.example", "b.example"]);
        Task finished = visits.ContinueWith(_ => found.Complete(), TaskScheduler.Default);
        await foreach (string page in found.ReadAllAsync())
        {
            pages.Add(page);   // while the workers go on
        }

        await finished;
        // </queue>

        await visits;
        Assert.Equal(["a.example/about", "a.example/index", "b.example/about", "b.example/index"], pages.Order());
    }
}
