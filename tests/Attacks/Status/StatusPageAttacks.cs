using System.Diagnostics;

namespace MultiProc.Attacks.Status;

/// <summary>Functions that write to their own worker's status page, by accident or because they mean to.</summary>
public sealed class StatusPageAttacks : PoolSpec
{
    private const int MaxAttempts = 2;

    // Four times what the host's own clock allows: 5 s until a call has begun for it, the limit, and half a second.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(4 * 6);

    private static readonly CallOptions Limited = new() { Timeout = TimeSpan.FromMilliseconds(500), CancellationGracePeriod = TimeSpan.Zero };

    [SpecTheory]
    [InlineData("all 0")]
    [InlineData("all 255")]
    [InlineData("random")]
    [InlineData("an old copy")]
    [InlineData("nothing is running")]
    [InlineData("a call that does not exist")]
    [InlineData("the next call")]
    public async Task A_call_that_damages_the_page_and_dies_begins_at_most_two_times_more_often_than_it_may(string damage)
    {
        using var scratch = new Scratch();
        var begun = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1 });
        await pool.RunAsync(OwnPage.Keep);
        var call = pool.ApplyAsync(DamageAndDie, begun, damage, new CallOptions { MaxAttempts = MaxAttempts });

        await Assert.ThrowsAsync<WorkerLostException>(() => call);

        Assert.InRange(begun.Lines().Length, 1, MaxAttempts + 2);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task A_call_that_may_begin_once_and_hides_behind_a_page_of_zeros_begins_three_times_at_most_and_its_neighbours_end()
    {
        using var scratch = new Scratch();
        var (begun, ran) = (scratch.Journal("begun"), scratch.Journal("ran"));
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, StandbyWorkers = 1 });
        var call = pool.ApplyAsync(DamageAndDie, begun, "all 0");
        var neighbours = Enumerable.Range(0, 20).Select(i => pool.ApplyAsync(
            static (Journal ran, int i) =>
            {
                ran.Add(i);
                return i;
            },
            ran, i)).ToArray();

        await Assert.ThrowsAsync<WorkerLostException>(() => call);

        // Those that had been sent to the dead worker count as begun; the others have ended. None has begun twice.
        await Task.WhenAll(neighbours).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default);
        Assert.All(neighbours, static neighbour => Assert.True(neighbour.IsCompletedSuccessfully || neighbour.Exception!.InnerException is WorkerLostException));
        Assert.InRange(begun.Lines().Length, 1, 3);
        Assert.Equal(ran.Lines().Length, ran.Lines().Distinct().Count());
    }

    [Spec]
    public async Task A_call_that_only_waited_behind_others_that_crash_runs()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StandbyWorkers = 2 });
        var crashing = Enumerable.Range(0, 4).Select(_ => pool.RunAsync(Crash.Sigkill)).ToArray();
        var waiting = pool.RunAsync(() => ran.Add("ran"));

        await waiting;

        Assert.Single(ran.Lines());
        foreach (var call in crashing)
        {
            await Assert.ThrowsAsync<WorkerLostException>(() => call);
        }
    }

    [Spec]
    public async Task A_call_that_claims_that_nothing_is_running_or_that_it_has_just_begun_does_not_outlive_its_limit()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, StackCaptureTimeout = TimeSpan.Zero });
        var waited = Stopwatch.StartNew();
        var idle = pool.RunAsync(SpinWhileIdle, Limited);
        var young = pool.RunAsync(SpinForEverYoung, Limited);

        await Assert.ThrowsAsync<CallTimeoutException>(() => idle);
        await Assert.ThrowsAsync<CallTimeoutException>(() => young);

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Bound);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task A_cancelled_call_that_claims_that_nothing_is_running_loses_its_worker_all_the_same()
    {
        using var scratch = new Scratch();
        var hidden = scratch.Mark("hidden");
        using var cancellation = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(1);
        var process = pool.Workers[0].ProcessId;
        var call = pool.RunAsync(
            () =>
            {
                new OwnPage().Forge(0, 0, 0);
                hidden.Set();
                Thread.Sleep(Timeout.Infinite);
            },
            new CallOptions { CancellationGracePeriod = TimeSpan.FromMilliseconds(100) },
            cancellation.Token);
        await hidden.WaitAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        await Eventually.TrueWithinAsync(Bound, () => !ProcessTable.IsAlive(process));
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task A_call_that_is_said_to_have_begun_long_ago_is_not_stopped_before_its_limit()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.Equal(7, await pool.RunAsync(
            static () =>
            {
                var page = new OwnPage();
                var (unit, item) = page.Running;
                page.Forge(unit, item, begun: 1);
                Thread.Sleep(300);
                return 7;
            },
            new CallOptions { Timeout = TimeSpan.FromSeconds(30) }));
    }

    [Spec]
    public async Task A_page_that_claims_an_exit_does_not_hide_the_signal()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () =>
        {
            // Where the exit code stands, with the mark that says so.
            BitConverter.TryWriteBytes(new OwnPage().Bytes[8..], 0x4558_4954_0000_0007);
            Crash.Sigkill();
        }));

        Assert.Equal(("SIGKILL", null), (lost.Signal, lost.ExitCode));
    }

    private static void DamageAndDie(Journal begun, string damage)
    {
        begun.Add(Environment.ProcessId);
        var page = new OwnPage();
        var (unit, item) = page.Running;
        switch (damage)
        {
            case "all 0":
                OwnPage.Fill(0);
                break;
            case "all 255":
                OwnPage.Fill(255);
                break;
            case "random":
                OwnPage.FillAtRandom();
                break;
            case "an old copy":
                OwnPage.Restore();
                break;
            case "nothing is running":
                page.Forge(0, 0, 0);
                break;
            case "a call that does not exist":
                page.Forge(unit + 1_000_000, item, Stopwatch.GetTimestamp());
                break;
            case "the next call":
                page.Forge(unit + 1, item, Stopwatch.GetTimestamp());
                break;
            default:
                throw new ArgumentException(damage);
        }

        Crash.Sigkill();
    }

    private static void SpinWhileIdle()
    {
        new OwnPage().Forge(0, 0, 0);
        while (true)
        {
        }
    }

    private static void SpinForEverYoung()
    {
        var page = new OwnPage();
        var (unit, item) = page.Running;
        while (true)
        {
            page.Forge(unit, item, Stopwatch.GetTimestamp());
            Thread.Sleep(1);
        }
    }
}
