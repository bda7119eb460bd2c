namespace MultiProc.Specs.Calls;

public sealed class SnapshotSpecs : PoolSpec
{
    [Spec]
    public async Task Workers_show_what_each_of_them_is_doing()
    {
        using var scratch = new Scratch();
        var (begun, go) = (scratch.Mark("begun"), scratch.Mark("go"));
        await using var pool = await ProcessPool.StartAsync(2);
        Assert.Equal([0, 1], pool.Workers.Select(static worker => worker.Slot));
        Assert.Equal(["w0", "w1"], pool.Workers.Select(static worker => worker.Name));
        Assert.All(pool.Workers, static worker => Assert.Equal((WorkerState.Idle, null, null), (worker.State, worker.CurrentCall, worker.CurrentCallElapsed)));
        Assert.All(pool.Workers, static worker => Assert.True(worker.WorkingSetBytes > 1_000_000 && !worker.DebuggerAttached));

        var call = pool.RunAsync(
            () =>
            {
                begun.Set();
                go.Wait();
                return Environment.ProcessId;
            },
            new CallOptions { Name = "the call" });
        await begun.WaitAsync();

        var busy = Assert.Single(pool.Workers, static worker => worker.State == WorkerState.Busy);
        Assert.Equal("the call", busy.CurrentCall);
        Assert.True(busy.CurrentCallElapsed > TimeSpan.Zero);
        go.Set();
        Assert.Equal(busy.ProcessId, await call);
        await Eventually.TrueAsync(() => pool.Workers[busy.Slot] is { State: WorkerState.Idle, CallsCompleted: 1 });
    }

    [Spec]
    public async Task A_call_without_a_name_shows_its_functions_and_a_map_may_have_one_too()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(1);

        var call = pool.ApplyAsync(BeginAndWait, scratch.Mark("begun"), scratch.Mark("go"));
        await scratch.Mark("begun").WaitAsync();
        var name = pool.Workers[0].CurrentCall;
        scratch.Mark("go").Set();
        await call;

        Assert.Equal("MultiProc.Specs.Calls.SnapshotSpecs.BeginAndWait", name);

        var map = pool.StarMapAsync(BeginAndWait, [(scratch.Mark("map begun"), scratch.Mark("map go"))], new MapOptions { Name = "the map" });
        await scratch.Mark("map begun").WaitAsync();
        name = pool.Workers[0].CurrentCall;
        scratch.Mark("map go").Set();
        await map;

        Assert.Equal("the map", name);
    }

    [Spec]
    public async Task Statistics_count_every_call_once_wherever_it_waits()
    {
        using var scratch = new Scratch();
        var (begun, go) = (scratch.Mark("begun"), scratch.Mark("go"));
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal(new PoolStatistics { Workers = 1 }, pool.Statistics);

        var blocker = pool.ApplyAsync(BeginAndWait, begun, go);
        var queued = Enumerable.Range(0, 10).Select(i => pool.ApplyAsync(static (int i) => i == 3 ? throw new FormatException() : i, i)).ToArray();
        await begun.WaitAsync();

        Assert.Equal(new PoolStatistics { Workers = 1, Busy = 1, Queued = 10 }, pool.Statistics);
        go.Set();
        await blocker;
        await Assert.ThrowsAsync<FormatException>(() => Task.WhenAll(queued));
        Assert.Equal(new PoolStatistics { Workers = 1, Completed = 10, Failed = 1 }, pool.Statistics);
    }

    [Spec]
    public async Task Items_of_a_map_count_like_calls()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        await pool.MapAsync(static (int x) => x, Enumerable.Range(0, 1_000));

        Assert.Equal((1_000, 0), (pool.Statistics.Completed, pool.Statistics.Failed));
        Assert.Equal(1_000, pool.Workers.Sum(static worker => worker.CallsCompleted));
    }

    private static void BeginAndWait(Mark begun, Mark go)
    {
        begun.Set();
        go.Wait();
    }
}
