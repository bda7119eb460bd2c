using System.Diagnostics;

namespace MultiProc.Specs.Faults;

/// <summary>The ladder by which a call that does not stop is stopped: its token, a grace period, termination, the kill.</summary>
public sealed class LadderSpecs : PoolSpec
{
    private static readonly ProcessPoolOptions Options = new()
    {
        Processes = 2,
        CancellationGracePeriod = TimeSpan.FromMilliseconds(200),

        // Workers spin here, perhaps beside other busy processes: the stack is to be seen all the same.
        StackCaptureTimeout = TimeSpan.FromSeconds(50),
    };

    [Spec]
    public async Task A_call_that_spins_past_its_limit_is_killed_and_its_worker_replaced()
    {
        await using var pool = await ProcessPool.StartAsync(Options);
        var processes = pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        var neighbours = pool.MapAsync(static (int x) => x, Enumerable.Range(0, 1_000));

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(Spin, new CallOptions { Timeout = TimeSpan.FromMilliseconds(200), MaxAttempts = 3 }));

        Assert.Equal(TimeSpan.FromMilliseconds(200), timeout.Timeout);
        Assert.EndsWith(nameof(Spin), timeout.Function, StringComparison.Ordinal);
        Assert.NotEqual(CallStop.CancellationToken, timeout.StoppedBy);
        Assert.Contains($"{nameof(LadderSpecs)}.{nameof(Spin)}", timeout.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 1_000), await neighbours);
        await Eventually.TrueAsync(() => pool.Statistics.WorkersRestarted == 1);
        Assert.Equal(1, processes.Count(ProcessTable.IsAlive));
        Assert.Equal(0, pool.Statistics.Retried);
    }

    [Spec]
    public async Task A_worker_that_ignores_termination_is_killed_with_all_it_has_started()
    {
        using var scratch = new Scratch();
        var started = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(Options);

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(
            () =>
            {
                using var ignoring = System.Runtime.InteropServices.PosixSignalRegistration.Create(
                    System.Runtime.InteropServices.PosixSignal.SIGTERM, static context => context.Cancel = true);
                using var child = Process.Start("sleep", "1000");
                started.Add(child.Id);
                Spin();
            },
            new CallOptions { Timeout = TimeSpan.FromSeconds(2) }));

        Assert.Equal(CallStop.Kill, timeout.StoppedBy);
        var child = int.Parse(Assert.Single(started.Lines()), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.TrueWithinAsync(TimeSpan.FromSeconds(2), () => !ProcessTable.IsAlive(child));
    }

    [Spec]
    public async Task A_stopped_worker_does_not_outlive_its_calls_limit()
    {
        await using var pool = await ProcessPool.StartAsync(Options);
        var call = pool.RunAsync(Spin, new CallOptions { Timeout = TimeSpan.FromMilliseconds(300), Name = "spin" });
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);

        Posix.Signal(pool.Workers.Single(static worker => worker.CurrentCall == "spin").ProcessId, Posix.Stop);

        await Assert.ThrowsAsync<CallTimeoutException>(() => call);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task The_pools_own_limit_holds_for_calls_that_set_none()
    {
        await using var pool = await ProcessPool.StartAsync(Options with { TaskTimeout = TimeSpan.FromMilliseconds(100) });

        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static async token => await Task.Delay(Timeout.Infinite, token)));

        Assert.Equal(1, await pool.RunAsync(
            static () =>
            {
                Thread.Sleep(200);
                return 1;
            },
            new CallOptions { Timeout = Timeout.InfiniteTimeSpan }));
    }

    [Spec]
    public async Task The_limit_of_a_map_is_per_item()
    {
        await using var pool = await ProcessPool.StartAsync(Options);

        var outcomes = await pool.MapSettledAsync(
            static (int x) =>
            {
                Thread.Sleep(x is 3 or 8 ? Timeout.Infinite : 400);
                return x;
            },
            Enumerable.Range(0, 12), new MapOptions { ChunkSize = 6, Timeout = TimeSpan.FromMilliseconds(1_500) });

        Assert.All(outcomes.Index(), static outcome => Assert.Equal(outcome.Index is not (3 or 8), outcome.Item.IsSuccess));
        Assert.IsType<CallTimeoutException>(outcomes[3].Error);
        Assert.IsType<CallTimeoutException>(outcomes[8].Error);
    }

    [Spec]
    public async Task A_cancelled_call_that_ignores_its_token_releases_the_caller_at_once_and_loses_its_worker_after_the_grace_period()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        using var cancellation = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(Options with { Processes = 1 });
        var call = pool.RunAsync(
            () =>
            {
                begun.Set();
                Spin();
            },
            cancellationToken: cancellation.Token);
        await begun.WaitAsync();
        var process = pool.Workers[0].ProcessId;

        await cancellation.CancelAsync();

        Assert.True(call.IsCanceled);
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(process));
        Assert.NotEqual(process, await pool.RunAsync(static () => Environment.ProcessId));
    }

    [Spec]
    public async Task A_queued_call_that_is_cancelled_never_begins_and_disturbs_no_other()
    {
        using var scratch = new Scratch();
        var (begun, go, ran) = (scratch.Mark("begun"), scratch.Mark("go"), scratch.Journal());
        using var cancellation = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(1);
        var process = pool.Workers[0].ProcessId;
        var blocker = pool.RunAsync(() =>
        {
            begun.Set();
            go.Wait();
        });
        await begun.WaitAsync();
        var cancelled = Enumerable.Range(0, 100).Select(i => pool.ApplyAsync(static (Journal ran, int i) => ran.Add(i), ran, i, cancellationToken: cancellation.Token)).ToArray();
        var kept = pool.RunAsync(() => ran.Add("kept"));

        await cancellation.CancelAsync();
        Assert.All(cancelled, static call => Assert.True(call.IsCanceled));
        go.Set();
        await Task.WhenAll(blocker, kept);

        Assert.Equal(["kept"], ran.Lines());
        Assert.Equal(process, pool.Workers[0].ProcessId);
    }

    [Spec]
    public async Task A_function_that_starves_the_thread_pool_still_hears_its_token()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        using var cancellation = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.FromSeconds(20) });
        var process = pool.Workers[0].ProcessId;
        var call = pool.RunAsync(
            token =>
            {
                for (var i = 0; i < 1_000; i++)
                {
                    ThreadPool.QueueUserWorkItem(_ => token.WaitHandle.WaitOne());
                }

                begun.Set();
                while (!token.IsCancellationRequested)
                {
                    Thread.Sleep(1);
                }
            },
            cancellationToken: cancellation.Token);
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        Assert.Equal(process, await pool.RunAsync(static () => Environment.ProcessId).WaitAsync(TimeSpan.FromSeconds(5)));
    }

    private static void Spin()
    {
        while (true)
        {
        }
    }
}
