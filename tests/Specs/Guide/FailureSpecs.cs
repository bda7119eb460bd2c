namespace MultiProc.Specs.Guide;

/// <summary>The guide's answers to what if it hangs, crashes, or is not wanted any more.</summary>
public sealed class FailureSpecs : PoolSpec
{
    [Spec]
    public async Task A_hanging_function_is_stopped_at_its_time_limit()
    {
        var told = "";

        // <timeout>
        var options = new ProcessPoolOptions { Processes = 2, CancellationGracePeriod = TimeSpan.FromSeconds(0.2) };
        await using var pool = await ProcessPool.StartAsync(options);
        try
        {
            await pool.RunAsync(() => { while (true) { } }, new CallOptions { Timeout = TimeSpan.FromSeconds(0.5) });
        }
        catch (CallTimeoutException exception)
        {
            told = $"{exception.Function} took longer than {exception.Timeout}";
        }
        // </timeout>

        Assert.EndsWith("took longer than 00:00:00.5000000", told, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_running_call_is_cancelled()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var told = "";

        // <cancel>
        using var source = new CancellationTokenSource();
        Task call = pool.RunAsync(
            async token =>
            {
                while (true)
                {
                    await Task.Delay(10, token);   // the call's own token: signalled on cancellation and at the time limit
                }
            },
            cancellationToken: source.Token);

        source.CancelAfter(TimeSpan.FromSeconds(0.1));
        try
        {
            await call;
        }
        catch (OperationCanceledException)
        {
            told = "cancelled";
        }
        // </cancel>

        Assert.Equal("cancelled", told);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 0);
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task A_crash_costs_the_call_that_crashed()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var told = "";

        // <crash>
        Task<int> good = pool.ApplyAsync(Parser.Parse, "42");
        Task<int> bad = pool.ApplyAsync(Parser.Parse, "");
        try
        {
            await bad;
        }
        catch (WorkerLostException exception)
        {
            told = $"lost to {exception.Signal}: {exception.StandardErrorTail}";
        }

        int answer = await good + await pool.ApplyAsync(Parser.Parse, "1");   // 43: the others go on
        // </crash>

        Assert.Equal(43, answer);
        Assert.StartsWith("lost to SIGABRT", told, StringComparison.Ordinal);
        Assert.Contains("as a crash in native code", told, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_call_is_run_again_when_its_worker_was_lost()
    {
        using var scratch = new Scratch();
        var flag = Path.Combine(scratch.Path, "flag");
        await using var pool = await ProcessPool.StartAsync(1);

        // <attempts>
        string result = await pool.RunAsync(
            () =>
            {
                if (!File.Exists(flag))
                {
                    File.WriteAllText(flag, "the first attempt was here");
                    Environment.Exit(1);
                }

                return "done by the second attempt";
            },
            new CallOptions { MaxAttempts = 3 });
        // </attempts>

        Assert.Equal("done by the second attempt", result);
        Assert.Equal(1, pool.Statistics.Retried);
    }

    [Spec]
    public async Task A_pool_gives_up_when_too_many_workers_are_lost()
    {
        var told = "";

        // <restarts>
        var options = new ProcessPoolOptions { Processes = 1, MaxRestarts = 2, RestartWindow = TimeSpan.FromMinutes(1) };
        await using var pool = await ProcessPool.StartAsync(options);
        while (told.Length == 0)
        {
            try
            {
                await pool.RunAsync(() => Environment.Exit(1));
            }
            catch (WorkerLostException)
            {
                // the first losses fail their own calls
            }
            catch (WorkerStartException exception)
            {
                told = exception.Message;   // the third loss within a minute ended the pool
            }
        }
        // </restarts>

        Assert.StartsWith("The pool has given up", told, StringComparison.Ordinal);
        Assert.Equal(3, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task A_function_that_wants_too_much_memory_gets_OutOfMemoryException()
    {
        var told = "";

        // <heap>
        var options = new ProcessPoolOptions { Processes = 1, MaxWorkerHeapBytes = 64 << 20 };
        await using var pool = await ProcessPool.StartAsync(options);
        try
        {
            await pool.RunAsync(() => new byte[256 << 20].Length);
        }
        catch (OutOfMemoryException)
        {
            told = "too much";
        }

        int small = await pool.RunAsync(() => new byte[1 << 20].Length);   // the worker lives
        // </heap>

        Assert.Equal(("too much", 1 << 20), (told, small));
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }
}
