using System.Diagnostics;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>What happens to a pool while somebody debugs a worker of it, with a real debugger.</summary>
public sealed class DebuggerSpecs : PoolSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FourTimesGone = TimeSpan.FromSeconds(20);
    private static readonly CallOptions Limited = new() { Timeout = Limit };
    private static readonly ProcessPoolOptions Two = new() { Processes = 2, CancellationGracePeriod = TimeSpan.FromMilliseconds(250) };

    [Spec]
    public async Task One_who_stands_at_a_breakpoint_is_waited_for_longer_than_every_limit_while_the_other_worker_works_on()
    {
        using var scratch = new Scratch();
        var enough = scratch.Mark("enough");
        await using var pool = await ProcessPool.StartAsync(Two);
        var call = pool.ApplyAsync(Debugged.Walk, "w2", enough, Limited);
        var debugged = await BusyWorkerAsync(pool, enough);
        using var debugger = await TestDebugger.AttachAsync(debugged.ProcessId);

        await debugger.RunToBreakpointAsync();

        Assert.Equal("step=-1 label=\"w2\"", await debugger.AskAsync("arguments"));
        Assert.EndsWith($"{Debugged.FileName}:line {Debugged.LineOf(Debugged.NextLine)}", await debugger.AskAsync("step"), StringComparison.Ordinal);
        Assert.True(pool.Workers[debugged.Slot].DebuggerAttached);
        var others = await WorkOnAsync(pool, Limit + TimeSpan.FromSeconds(1));
        Assert.True(others > 0);
        Assert.False(call.IsCompleted);

        enough.Set();
        await debugger.DetachAsync();

        Assert.Equal(150, await call);
        Assert.Equal(debugged.ProcessId, pool.Workers[debugged.Slot].ProcessId);
        await Eventually.TrueAsync(() => !pool.Workers[debugged.Slot].DebuggerAttached);
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task Without_the_guard_the_limit_ends_the_call_at_the_breakpoint()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(Two with { Processes = 1, Debugging = WorkerDebugging.None with { SuspendsLimits = false } });
        var never = scratch.Mark("never");
        var call = pool.ApplyAsync(Debugged.Walk, "w2", never, Limited);
        using var debugger = await TestDebugger.AttachAsync((await BusyWorkerAsync(pool, never)).ProcessId);

        await debugger.RunToBreakpointAsync();

        Assert.NotEqual(CallStop.CancellationToken, (await Assert.ThrowsAsync<CallTimeoutException>(() => call)).StoppedBy);
        Assert.NotEqual(0, await pool.RunAsync(static () => Environment.ProcessId));
    }

    [Spec]
    public async Task A_debugger_that_dies_at_a_breakpoint_does_not_leave_a_frozen_worker_behind()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(Two with { Processes = 1 });
        var never = scratch.Mark("never");
        var call = pool.ApplyAsync(Debugged.Walk, "w2", never, new CallOptions { Timeout = TimeSpan.FromSeconds(4) });
        var frozen = await BusyWorkerAsync(pool, never);
        using var debugger = await TestDebugger.AttachAsync(frozen.ProcessId);
        await debugger.RunToBreakpointAsync();

        // The pool must have seen that it was there.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await debugger.CrashAsync();

        // It is not the call that took too long.
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => call);
        Assert.Equal(frozen.ProcessId, lost.ProcessId);
        Assert.Contains("because its debugger has ended and left it standing still", lost.Message, StringComparison.Ordinal);
        Assert.NotEqual(frozen.ProcessId, await pool.RunAsync(static () => Environment.ProcessId));
    }

    [Spec]
    public async Task A_debugger_that_ends_the_worker_is_named_as_the_cause()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(Two with { Processes = 1 });
        var never = scratch.Mark("never");
        var call = pool.ApplyAsync(Debugged.Walk, "w2", never);
        var ended = await BusyWorkerAsync(pool, never);
        using var debugger = await TestDebugger.AttachAsync(ended.ProcessId);
        await debugger.RunToBreakpointAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));

        // What "terminate" and "stop debugging" of an IDE do.
        Posix.Signal(ended.ProcessId, Posix.Kill);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => call);
        Assert.Contains("A debugger was attached to it", lost.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("memory ran out", lost.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task When_the_host_is_killed_while_a_worker_stands_at_a_breakpoint_and_the_debugger_too_the_worker_is_gone_with_all_it_has_started()
    {
        using var host = await HostProcess.StartAsync("WithGrandchildren");
        using var debugger = await TestDebugger.AttachAsync(host.Others[0], host.TemporaryFolder);

        // The pool looks four times a second.
        await Task.Delay(TimeSpan.FromSeconds(2));
        host.Kill();
        await debugger.CrashAsync();

        await Eventually.TrueWithinAsync(FourTimesGone, () => !host.Others.Any(ProcessTable.IsAlive));
    }

    [Spec]
    public async Task Both_workers_can_be_debugged_at_once()
    {
        using var scratch = new Scratch();
        var enough = scratch.Mark("enough");
        await using var pool = await ProcessPool.StartAsync(Two);
        var calls = new[] { pool.ApplyAsync(Debugged.Walk, "one", enough, Limited), pool.ApplyAsync(Debugged.Walk, "other", enough, Limited) };
        await Debugged.Begun("one", enough).WaitAsync();
        await Debugged.Begun("other", enough).WaitAsync();
        using var first = await TestDebugger.AttachAsync(pool.Workers[0].ProcessId);
        using var second = await TestDebugger.AttachAsync(pool.Workers[1].ProcessId);

        await Task.WhenAll(first.RunToBreakpointAsync(), second.RunToBreakpointAsync());

        string[] labels = [await first.AskAsync("arguments"), await second.AskAsync("arguments")];
        Assert.Equal(["step=-1 label=\"one\"", "step=-1 label=\"other\""], labels.Order());
        enough.Set();
        await first.DetachAsync();
        await second.DetachAsync();
        Assert.Equal("170, 210", string.Join(", ", await Task.WhenAll(calls)));
    }

    private static async Task<WorkerInfo> BusyWorkerAsync(ProcessPool pool, Mark enough)
    {
        await Debugged.Begun("w2", enough).WaitAsync();
        return pool.Workers.First(static worker => worker.State == WorkerState.Busy);
    }

    /// <summary>Has the free worker run call after call; the number of those that ended.</summary>
    private static async Task<int> WorkOnAsync(ProcessPool pool, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var ended = 0;
        while (clock.Elapsed < duration)
        {
            _ = await pool.RunAsync(static () => Environment.ProcessId);
            ended++;
            await Task.Delay(20);
        }

        return ended;
    }
}
