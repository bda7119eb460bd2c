namespace MultiProc.Specs.Workers;

public sealed class ResizeSpecs : PoolSpec
{
    [Spec]
    public async Task Growing_completes_when_the_new_workers_are_ready_and_keeps_the_old_ones()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var first = pool.Workers[0].ProcessId;

        await pool.ResizeAsync(3);

        Assert.Equal([0, 1, 2], pool.Workers.Select(static worker => worker.Slot));
        Assert.All(pool.Workers, static worker => Assert.Equal(WorkerState.Idle, worker.State));
        Assert.Equal(first, pool.Workers[0].ProcessId);
        Assert.Equal(3, (await pool.BroadcastAsync(static () => Environment.ProcessId)).Distinct().Count());
    }

    [Spec]
    public async Task Shrinking_waits_for_the_calls_that_run_and_loses_none()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(3);
        var all = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        var running = Enumerable.Range(0, 3).Select(_ => pool.RunAsync(() =>
        {
            go.Wait();
            return Environment.ProcessId;
        })).ToArray();
        var queued = Enumerable.Range(0, 50).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 3);

        var resizing = pool.ResizeAsync(1);
        await Task.Delay(50);
        Assert.False(resizing.IsCompleted);
        go.Set();
        await resizing;

        Assert.Single(pool.Workers);
        Assert.Equal(all.Order(), (await Task.WhenAll(running)).Order());
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(queued));
        Assert.Equal(1, all.Count(ProcessTable.IsAlive));
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task Growing_and_shrinking_under_load_lose_no_call()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var calls = Enumerable.Range(0, 2_000).Select(i => pool.ApplyAsync(
            static (int i) =>
            {
                Thread.SpinWait(20_000);
                return i;
            },
            i)).ToArray();
        var map = pool.MapAsync(static (int x) => x + 1, Enumerable.Range(0, 2_000));

        foreach (var size in (int[])[4, 1, 3, 2])
        {
            await pool.ResizeAsync(size);
            Assert.Equal(size, pool.Workers.Count);
        }

        Assert.Equal(Enumerable.Range(0, 2_000), await Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(1, 2_000), await map);
        Assert.Equal((4_000, 0), (pool.Statistics.Completed, pool.Statistics.Failed));
    }

    [Spec]
    public async Task A_worker_lost_at_the_moment_of_shrinking_does_not_come_back()
    {
        await using var pool = await ProcessPool.StartAsync(3);

        Posix.Signal(pool.Workers[2].ProcessId, Posix.Kill);
        await Eventually.TrueAsync(() => pool.Workers[2].State != WorkerState.Idle);
        await pool.ResizeAsync(1);

        await Eventually.TrueAsync(static () => ProcessTable.Below(Environment.ProcessId).Count == 1);
        await Task.Delay(500);
        Assert.Single(ProcessTable.Below(Environment.ProcessId));
        Assert.Equal(1, pool.Statistics.Workers);
    }

    [Spec]
    public async Task Sizes_out_of_range_are_refused_by_the_call_itself()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.ThrowsAny<ArgumentException>(() => { _ = pool.ResizeAsync(-1); });
        Assert.Single(pool.Workers);
    }
}
