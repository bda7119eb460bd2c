namespace MultiProc.Specs.Faults;

public sealed class StormSpecs : PoolSpec
{
    [Spec]
    public async Task Twenty_thousand_calls_under_forty_random_kills_end_exactly_once_each_and_right()
    {
        const int Calls = 20_000;
        const int Kills = 40;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var pool = await ProcessPool.StartAsync(2);
        var ended = new int[Calls];
        var options = new CallOptions { MaxAttempts = 10 };
        var calls = Enumerable.Range(0, Calls).Select(i => pool.ApplyAsync(Work, i, options).ContinueWith(
            call =>
            {
                Interlocked.Increment(ref ended[i]);
                return call.GetAwaiter().GetResult();
            },
            TaskContinuationOptions.ExecuteSynchronously)).ToArray();

        await KillAlongTheWayAsync(pool, Kills, Calls, random);

        var results = await Task.WhenAll(calls);
        Assert.True(results.SequenceEqual(Enumerable.Range(0, Calls).Select(static i => (i * 7) + 1)), $"seed {seed}");
        Assert.All(ended, static times => Assert.Equal(1, times));
        Assert.Equal((Calls, 0), (pool.Statistics.Completed, pool.Statistics.Failed));
    }

    [Spec]
    public async Task Maps_and_streams_under_random_kills_are_right_too()
    {
        const int Items = 20_000;
        var expected = Enumerable.Range(0, Items).Select(static i => (i * 7) + 1).ToArray();
        var options = new MapOptions { MaxAttempts = 10 };
        await using var pool = await ProcessPool.StartAsync(2);
        var map = pool.MapAsync(Work, Enumerable.Range(0, Items), options);
        var stream = Task.Run(async () => await pool.MapStreamAsync(Work, Enumerable.Range(0, Items), options).ToArrayAsync());

        await KillAlongTheWayAsync(pool, 10, 2 * Items, new Random(4711));

        Assert.Equal(expected, await map);
        Assert.Equal(expected, await stream);
    }

    [Spec]
    public async Task Three_hundred_pools_started_and_stopped_leave_nothing()
    {
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 3 }, static async (round, _) => await StartAndStopAsync(round % 3));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(OpenFiles.MappedMemory(), 0, 10);
    }

    private static async Task StartAndStopAsync(int way)
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var call = pool.RunAsync(static () => 1);
        switch (way)
        {
            case 0:
                Assert.Equal(1, await call);
                pool.Close();
                await pool.JoinAsync();
                break;
            case 1:
                Assert.Equal(1, await call);
                break;
            default:
                await pool.TerminateAsync();
                Assert.True(call.IsCompleted);
                break;
        }
    }

    // By progress, not by time: each kill waits for its share of results.
    private static async Task KillAlongTheWayAsync(ProcessPool pool, int kills, long calls, Random random)
    {
        for (var kill = 0; kill < kills; kill++)
        {
            WorkerInfo[] alive = [];
            await Eventually.TrueAsync(() => pool.Statistics.Completed >= calls * kill / kills);
            await Eventually.TrueAsync(() => (alive = [.. pool.Workers.Where(static worker => worker.State is WorkerState.Idle or WorkerState.Busy)]).Length > 0);
            await Task.Delay(random.Next(4));
            Posix.Signal(alive[random.Next(alive.Length)].ProcessId, Posix.Kill);
        }
    }

    private static int Work(int i)
    {
        Thread.SpinWait(2_000);
        return (i * 7) + 1;
    }
}
