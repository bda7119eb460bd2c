namespace MultiProc.Specs.Faults;

/// <summary>Killed from outside at instants that a worker does not choose.</summary>
public sealed class InstantSpecs : PoolSpec
{
    [Spec]
    public async Task While_it_is_being_started()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = logs });
        var known = pool.Workers[0].ProcessId;

        // The first goes; of its replacements the first two are killed as soon as they are seen.
        Posix.Signal(known, Posix.Kill);
        for (var round = 0; round < 2; round++)
        {
            var replacement = 0;
            await Eventually.TrueAsync(() => (replacement = pool.Workers[0].ProcessId) != known && replacement != 0);
            Posix.Signal(known = replacement, Posix.Kill);
        }

        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task While_it_runs_many_short_calls_that_travel_together()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        for (var round = 0; round < 5; round++)
        {
            var calls = Enumerable.Range(0, 5_000).Select(i => pool.ApplyAsync(static (int i) => i, i, new CallOptions { MaxAttempts = 3 })).ToArray();
            await Task.WhenAny(calls[round * 500]);
            Posix.Signal(pool.Workers[round % 2].ProcessId, Posix.Kill);

            Assert.Equal(Enumerable.Range(0, 5_000), await Task.WhenAll(calls));
        }
    }

    [Spec]
    public async Task While_it_is_asked_to_leave()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var pool = await ProcessPool.StartAsync(2);
            var workers = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
            var call = pool.RunAsync(static () => 1);

            pool.Close();
            var joining = pool.JoinAsync();
            await call;
            Array.ForEach(workers, static worker => Posix.Signal(worker, Posix.Kill));

            await joining;
        }
    }
}
