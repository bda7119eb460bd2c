namespace MultiProc.Specs.Lifecycle;

public sealed class ShutdownSpecs : PoolSpec
{
    [Spec]
    public async Task Join_returns_when_everything_accepted_has_ended_and_all_workers_are_gone()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var workers = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        var calls = Enumerable.Range(0, 50).Select(i => pool.ApplyAsync(
            static (int i) =>
            {
                Thread.Sleep(2);
                return i;
            },
            i)).ToArray();

        pool.Close();
        await pool.JoinAsync();

        Assert.All(calls, static call => Assert.True(call.IsCompletedSuccessfully));
        Assert.DoesNotContain(workers, ProcessTable.IsAlive);
        Assert.All(pool.Workers, static worker => Assert.Equal(WorkerState.Exited, worker.State));
    }

    [Spec]
    public async Task Join_before_close_is_refused()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.Throws<InvalidOperationException>(() => { _ = pool.JoinAsync(); });

        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task Joining_can_be_given_up_while_the_pool_drains_on()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(1);
        var call = pool.RunAsync(go.Wait);
        using var cancellation = new CancellationTokenSource();

        pool.Close();
        var joining = pool.JoinAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
        go.Set();
        await call;
        await pool.JoinAsync();
    }

    [Spec]
    public async Task A_closed_pool_refuses_every_kind_of_call_from_the_call_itself()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        pool.Close();
        pool.Close();

        Assert.All(Calls(pool), static call => Assert.IsNotType<ObjectDisposedException>(Assert.Throws<InvalidOperationException>(call)));
        await pool.JoinAsync();
        Assert.All(Calls(pool), static call => Assert.Throws<InvalidOperationException>(call));
    }

    [Spec]
    public async Task A_terminated_pool_refuses_calls_and_a_disposed_one_says_that_it_is_disposed()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        await pool.TerminateAsync();
        Assert.All(Calls(pool), static call => Assert.IsNotType<ObjectDisposedException>(Assert.Throws<InvalidOperationException>(call)));
        await pool.DisposeAsync();

        Assert.All(Calls(pool), static call => Assert.Throws<ObjectDisposedException>(call));
    }

    [Spec]
    public async Task Termination_ends_ten_thousand_outstanding_calls_as_cancelled_at_once()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var workers = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        var calls = Enumerable.Range(0, 10_000).Select(_ => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite))).ToArray();
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 2);

        await pool.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(3));

        Assert.DoesNotContain(workers, ProcessTable.IsAlive);
        await Task.WhenAll(calls.Select(static call => Assert.ThrowsAnyAsync<OperationCanceledException>(() => call))).WaitAsync(TimeSpan.FromSeconds(3));
        Assert.All(calls, static call => Assert.True(call.IsCanceled));
        Assert.Equal(0, pool.Statistics.Queued);
    }

    [SpecTheory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Termination_and_disposal_may_be_repeated_and_overlap(int processes)
    {
        var pool = await ProcessPool.StartAsync(processes);
        _ = pool.RunAsync(static token => token.WaitHandle.WaitOne()).ContinueWith(static task => task.IsCanceled, TaskScheduler.Default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            switch (i % 4)
            {
                case 0: await pool.TerminateAsync(); break;
                case 1: await pool.DisposeAsync(); break;
                case 2: pool.Dispose(); break;
                default: pool.Close(); break;
            }
        })));

        await pool.TerminateAsync();
        pool.Dispose();
        await pool.JoinAsync();
    }

    [Spec]
    public async Task Leaving_the_scope_ends_the_work()
    {
        Task call;
        int worker;
        await using (var pool = await ProcessPool.StartAsync(1))
        {
            worker = pool.Workers[0].ProcessId;
            call = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite));
        }

        Assert.True(call.IsCanceled);
        Assert.False(ProcessTable.IsAlive(worker));
    }

    [SpecTheory]
    [InlineData(Posix.Stop)]
    [InlineData(Posix.Kill)]
    public async Task Termination_is_bounded_when_the_workers_have_just_been_hit_by_a_signal(int signal)
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var call = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite));
        foreach (var worker in pool.Workers)
        {
            Posix.Signal(worker.ProcessId, signal);
        }

        await pool.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(3));

        Assert.True(call.IsCompleted);
    }

    [Spec]
    public async Task Joining_a_pool_whose_workers_are_stopped_is_bounded_by_the_grace_period()
    {
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 2, CancellationGracePeriod = TimeSpan.FromMilliseconds(200) });
        Array.ForEach([.. pool.Workers], static worker => Posix.Signal(worker.ProcessId, Posix.Stop));

        pool.Close();

        await pool.JoinAsync().WaitAsync(TimeSpan.FromSeconds(3));
    }

    [Spec]
    public async Task Termination_is_bounded_while_a_worker_is_starting_and_stuck_in_its_initializer()
    {
        using var scratch = new Scratch();
        var (stuck, runs) = (scratch.Mark("stuck"), scratch.Journal());
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(
            static (Mark stuck, Journal runs) =>
            {
                runs.Add("run");
                Thread.Sleep(stuck.IsSet ? Timeout.Infinite : 0);
            },
            stuck, runs));
        stuck.Set();
        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);
        var call = pool.RunAsync(static () => 1);
        await Eventually.TrueAsync(() => runs.Lines().Length == 2);

        await pool.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(3));

        Assert.True(call.IsCanceled);
    }

    [Spec]
    public async Task Handlers_of_process_exit_that_block_do_not_hold_up_the_end()
    {
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 2, CancellationGracePeriod = TimeSpan.FromMilliseconds(200) }
                .WithInitializer(static () => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Thread.Sleep(Timeout.Infinite)));

        pool.Close();

        await pool.JoinAsync().WaitAsync(TimeSpan.FromSeconds(3));
    }

    [Spec]
    public async Task A_worker_lost_while_the_pool_drains_is_replaced_as_long_as_calls_wait()
    {
        using var scratch = new Scratch();
        var (begun, go) = (scratch.Mark("begun"), scratch.Mark("go"));
        await using var pool = await ProcessPool.StartAsync(1);
        var victim = pool.RunAsync(() =>
        {
            begun.Set();
            go.Wait();
        });
        var calls = Enumerable.Range(0, 20).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();
        await begun.WaitAsync();

        pool.Close();
        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);
        await pool.JoinAsync();

        await Assert.ThrowsAsync<WorkerLostException>(() => victim);
        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(calls));
    }

    [Spec]
    public async Task A_map_that_was_accepted_before_close_is_run_to_its_end()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var map = pool.MapAsync(
            static (int x) =>
            {
                Thread.Sleep(1);
                return x;
            },
            Enumerable.Range(0, 300));

        pool.Close();
        await pool.JoinAsync();

        Assert.Equal(Enumerable.Range(0, 300), await map);
    }

    private static Action[] Calls(ProcessPool pool) =>
    [
        () => _ = pool.RunAsync(static () => 1),
        () => _ = pool.ApplyAsync(static (int x) => x, 1),
        () => _ = pool.Apply(static (int x) => x, 1),
        () => _ = pool.MapAsync(static (int x) => x, [1]),
        () => _ = pool.Map(static (int x) => x, [1]),
        () => _ = pool.StarMapAsync(static (int x, int y) => x + y, [(1, 2)]),
        () => _ = pool.MapStreamAsync(static (int x) => x, [1]),
        () => _ = pool.MapStreamUnorderedAsync(static (int x) => x, [1]),
        () => _ = pool.MapReduceAsync(static (int x) => x, static (a, b) => a + b, [1]),
        () => _ = pool.MapSettledAsync(static (int x) => x, [1]),
        () => _ = pool.BroadcastAsync(static () => 1),
        () => _ = pool.ResizeAsync(2),
    ];
}
