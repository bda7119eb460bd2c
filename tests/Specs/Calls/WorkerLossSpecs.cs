namespace MultiProc.Specs.Calls;

public sealed class WorkerLossSpecs : PoolSpec
{
    [Spec]
    public async Task A_loss_is_noticed_while_others_look_at_the_workers_all_the_time()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1 });
        using var end = new CancellationTokenSource();
        var looking = Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    _ = pool.Workers;
                }
            },
            TaskCreationOptions.LongRunning);
        for (var kill = 0; kill < 8; kill++)
        {
            var lost = await pool.RunAsync(static () => Environment.ProcessId);

            Posix.Signal(lost, Posix.Kill);

            await Eventually.TrueWithinAsync(TimeSpan.FromSeconds(30), () => pool.Workers[0].ProcessId != lost);
        }

        await end.CancelAsync();
        await looking;
    }

    [Spec]
    public async Task A_killed_worker_fails_the_call_it_was_in_and_no_other()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        await using var pool = await ProcessPool.StartAsync(2);
        var victim = pool.RunAsync(
            () =>
            {
                begun.Set();
                Thread.Sleep(Timeout.Infinite);
            },
            new CallOptions { Name = "victim" });
        var others = Enumerable.Range(0, 100).Select(i => pool.ApplyAsync(static (int x) => x * x, i)).ToArray();
        await begun.WaitAsync();
        var worker = pool.Workers.Single(static worker => worker.CurrentCall == "victim");

        Posix.Signal(worker.ProcessId, Posix.Kill);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => victim);
        Assert.Equal((worker.ProcessId, worker.Slot, "SIGKILL", null), (lost.ProcessId, lost.Slot, lost.Signal, lost.ExitCode));
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => i * i), await Task.WhenAll(others));
    }

    [Spec]
    public async Task Its_place_is_filled_again_by_another_process()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var before = pool.Workers.Select(static worker => worker.ProcessId).ToArray();

        Posix.Signal(before[1], Posix.Kill);

        await Eventually.TrueAsync(() => pool.Workers is [{ State: WorkerState.Idle }, { State: WorkerState.Idle, Restarts: 1 }]);
        var after = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1], after[1]);
        Assert.Equal(1, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task A_worker_killed_while_idle_costs_no_call_not_even_one_submitted_at_that_moment()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        for (var round = 0; round < 10; round++)
        {
            await Eventually.TrueAsync(() => pool.Workers.All(static worker => worker.State == WorkerState.Idle));

            Posix.Signal(pool.Workers[round % 2].ProcessId, Posix.Kill);
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => pool.ApplyAsync(static (int x) => x + 1, i)));

            Assert.Equal(Enumerable.Range(1, 8), results);
        }
    }

    [Spec]
    public async Task All_workers_killed_at_once_with_a_thousand_calls_queued_fail_only_the_calls_they_were_in()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(2);
        var calls = Enumerable.Range(0, 1_000).Select(i => pool.ApplyAsync(
            static (Mark go, int x) =>
            {
                go.Wait();
                return x + 1;
            },
            go, i)).ToArray();
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 2);

        foreach (var worker in pool.Workers)
        {
            Posix.Signal(worker.ProcessId, Posix.Kill);
        }

        await Eventually.TrueAsync(() => pool.Statistics.Failed == 2);
        go.Set();
        var outcomes = await Task.WhenAll(calls.Select(static call => Outcome(call)));
        Assert.Equal(2, outcomes.Count(static outcome => outcome.Error is WorkerLostException));
        Assert.All(outcomes.Index().Where(static outcome => outcome.Item.Error is null), static outcome => Assert.Equal(outcome.Index + 1, outcome.Item.Value));
        Assert.Equal((998, 2, 0), (pool.Statistics.Completed, pool.Statistics.Failed, pool.Statistics.Queued));
    }

    [Spec]
    public async Task A_call_that_may_be_tried_again_survives_the_loss_of_its_worker()
    {
        using var scratch = new Scratch();
        var attempts = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(2);

        var result = await pool.RunAsync(
            () =>
            {
                attempts.Add(Environment.ProcessId);
                return attempts.Lines().Length < 3 ? DieNow() : 42;
            },
            new CallOptions { MaxAttempts = 3 });

        Assert.Equal(42, result);
        Assert.Equal(3, attempts.Lines().Distinct().Count());
        Assert.Equal(2, pool.Statistics.Retried);
    }

    [Spec]
    public async Task A_call_that_loses_every_worker_fails_and_lists_its_attempts()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(DieNow, new CallOptions { MaxAttempts = 3, Name = "poison" }));

        Assert.Equal("poison", lost.Function);
        Assert.Contains("All 3 attempts failed", lost.Message, StringComparison.Ordinal);
        Assert.Equal(3, lost.Message.Split("after").Length - 1);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task A_function_that_threw_is_not_tried_again()
    {
        using var scratch = new Scratch();
        var attempts = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(1);

        await Assert.ThrowsAsync<FormatException>(() => pool.RunAsync(
            () =>
            {
                attempts.Add("once");
                throw new FormatException();
            },
            new CallOptions { MaxAttempts = 5 }));

        Assert.Single(attempts.Lines());
    }

    private static int DieNow()
    {
        Posix.Signal(Environment.ProcessId, Posix.Kill);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static async Task<MapOutcome<T>> Outcome<T>(Task<T> call)
    {
        try
        {
            return new MapOutcome<T>(await call, null);
        }
        catch (ProcessPoolException exception)
        {
            return new MapOutcome<T>(default, exception);
        }
    }
}
