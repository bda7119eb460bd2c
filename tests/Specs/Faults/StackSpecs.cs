using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Specs.Faults;

public sealed class StackSpecs : PoolSpec
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly CallOptions Limited = new() { Timeout = TimeSpan.FromMilliseconds(500) };

    // Impatient with functions; but looking at them must not be given up only because the machine is busy with something else.
    private static readonly ProcessPoolOptions OneImpatient = new()
    {
        Processes = 1,
        CancellationGracePeriod = TimeSpan.FromMilliseconds(100),
        StackCaptureTimeout = TimeSpan.FromSeconds(50),
    };

    [Spec]
    public async Task A_function_that_spins_is_found_at_its_line() =>
        await Expect(static () => Stuck.Spinning(1), "at MultiProc.Specs.Faults.Stuck.Spinning(Int32 step)", "for (; at >= 0;");

    [Spec]
    public async Task A_function_that_sleeps_is_found_at_its_line() =>
        await Expect(Stuck.Sleeping, "at MultiProc.Specs.Faults.Stuck.Sleeping()", "Thread.Sleep(Timeout.Infinite);");

    [Spec]
    public async Task A_function_that_waits_for_a_lock_is_found_at_its_line() =>
        await Expect(Stuck.Locked, "at MultiProc.Specs.Faults.Stuck.Locked()", "lock (Gate)");

    [Spec]
    public async Task A_function_that_blocks_on_a_task_is_found_at_its_line() =>
        await Expect(Stuck.Blocking, "at MultiProc.Specs.Faults.Stuck.Blocking()", "never.Task.Wait();");

    [Spec]
    public async Task An_async_function_that_blocks_is_found_by_its_own_name() =>
        await Expect(() => Stuck.BlockingAsync("x").GetAwaiter().GetResult(), "at MultiProc.Specs.Faults.Stuck.BlockingAsync(String name)", "Thread.Sleep(Timeout.Infinite);");

    [Spec]
    public async Task A_lambda_is_named_after_the_method_it_is_in() =>
        await Expect(
            static () => Thread.Sleep(Timeout.Infinite),
            $"at MultiProc.Specs.Faults.{nameof(StackSpecs)}.{nameof(A_lambda_is_named_after_the_method_it_is_in)}.<lambda>()",
            "static () => Thread.Sleep(Timeout.Infinite)");

    [Spec]
    public async Task The_stack_is_part_of_the_exceptions_text()
    {
        await using var pool = await ProcessPool.StartAsync(OneImpatient);

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(Stuck.Sleeping, Limited));

        Assert.NotEmpty(timeout.RemoteStackTrace);
        Assert.EndsWith(timeout.RemoteStackTrace, timeout.ToString(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_function_that_observes_its_token_leaves_no_stack_and_keeps_its_worker()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var before = pool.Workers[0].ProcessId;

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static token => Task.Delay(Timeout.Infinite, token), Limited));

        Assert.Equal(("", CallStop.CancellationToken), (timeout.RemoteStackTrace, timeout.StoppedBy));
        Assert.Equal(before, pool.Workers[0].ProcessId);
    }

    [Spec]
    public async Task Where_the_runtime_lets_nobody_in_the_call_ends_all_the_same()
    {
        var options = OneImpatient with { EnvironmentVariables = new Dictionary<string, string?> { ["DOTNET_EnableDiagnostics"] = "0" } };
        await using var pool = await ProcessPool.StartAsync(options);

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(Stuck.Sleeping, Limited));

        Assert.Equal("", timeout.RemoteStackTrace);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task Nobody_looks_where_that_is_switched_off()
    {
        await using var pool = await ProcessPool.StartAsync(OneImpatient with { StackCaptureTimeout = TimeSpan.Zero });

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(Stuck.Sleeping, Limited));

        Assert.Equal("", timeout.RemoteStackTrace);
    }

    [Spec]
    public async Task A_worker_that_is_stopped_is_not_looked_into_but_replaced()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        await using var pool = await ProcessPool.StartAsync(OneImpatient);
        var call = pool.RunAsync(
            () =>
            {
                begun.Set();
                Thread.Sleep(Timeout.Infinite);
            },
            Limited);
        await begun.WaitAsync();
        var before = pool.Workers[0].ProcessId;

        Posix.Signal(before, Posix.Stop);

        Assert.Equal("", (await Assert.ThrowsAsync<CallTimeoutException>(() => call)).RemoteStackTrace);
        Assert.NotEqual(before, await pool.RunAsync(static () => Environment.ProcessId));
    }

    [Spec]
    public async Task A_pool_that_ends_while_it_looks_leaves_nothing_behind()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        var pool = await ProcessPool.StartAsync(OneImpatient);
        var call = pool.RunAsync(
            () =>
            {
                begun.Set();
                Thread.Sleep(Timeout.Infinite);
            },
            Limited);
        await begun.WaitAsync();
        await Eventually.TrueAsync(() => call.IsCompleted || ProcessTable.Below(Environment.ProcessId).Any(IsLooking));

        await pool.DisposeAsync();

        Assert.True(call.IsCompleted);
        Assert.DoesNotContain(ProcessTable.Below(Environment.ProcessId), IsLooking);
    }

    private static bool IsLooking(int process) => ProcessTable.CommandLine(process).Contains(" --stack=", StringComparison.Ordinal);

    /// <summary>The line of source to which a line of a stack trace points.</summary>
    private static string SourceOf(string frame)
    {
        var place = frame.Split(" in ")[^1].Split(":line ");
        return File.ReadLines(place[0]).ElementAt(int.Parse(place[1], CultureInfo.InvariantCulture) - 1);
    }

    private static async Task Expect(Action function, string frame, string sourceLine)
    {
        await using var pool = await ProcessPool.StartAsync(OneImpatient);
        var before = pool.Workers[0].ProcessId;

        // On a busy machine a new worker may be on its way still, to where it will be stuck: then the next one.
        string stack;
        string? found;
        var waited = Stopwatch.StartNew();
        do
        {
            stack = (await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(function, Limited))).RemoteStackTrace;
            found = stack.Split(Environment.NewLine).FirstOrDefault(line => line.Contains(frame, StringComparison.Ordinal));
        }
        while (found is null && waited.Elapsed < MaxWait);

        Assert.True(found is not null, $"No '{frame}' in{Environment.NewLine}{stack}");
        Assert.Contains(sourceLine, SourceOf(found), StringComparison.Ordinal);
        Assert.NotEqual(before, await pool.RunAsync(static () => Environment.ProcessId));
    }
}
