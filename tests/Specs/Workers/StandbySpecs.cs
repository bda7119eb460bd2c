namespace MultiProc.Specs.Workers;

public sealed class StandbySpecs : PoolSpec
{
    [Spec]
    public async Task A_lost_worker_is_replaced_by_one_that_is_initialized_already()
    {
        using var scratch = new Scratch();
        var initialized = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 2, StandbyWorkers = 1 }.WithInitializer(static runs => runs.Add(Environment.ProcessId), initialized));
        await Eventually.TrueAsync(() => initialized.Lines().Length == 3);
        var ready = initialized.Lines();
        Assert.Equal(2, pool.Workers.Count);

        Posix.Signal(pool.Workers[1].ProcessId, Posix.Kill);
        await Eventually.TrueAsync(() => pool.Workers[1] is { Restarts: 1, State: WorkerState.Idle });

        Assert.Contains($"{pool.Workers[1].ProcessId}", ready);
        Assert.Equal((0, 0L), (pool.Workers[1].CallsCompleted, pool.Statistics.Completed));
        Assert.Equal(1, (await pool.BroadcastAsync(static () => WorkerContext.Current!.Slot))[1]);
        await Eventually.TrueAsync(() => initialized.Lines().Length == 4);
    }
}
