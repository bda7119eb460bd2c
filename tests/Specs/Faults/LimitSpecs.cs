using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MultiProc.Specs.Faults;

/// <summary>When the clock of a time limit runs, what a limit costs the caller, and what is told of calls that take long.</summary>
public sealed class LimitSpecs : PoolSpec
{
    private const int SlowCall = 2030;
    private const int Lost = 1010;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    // Four times what is promised.
    private static readonly TimeSpan FreeWithin = TimeSpan.FromMilliseconds(4 * 500);

    private static readonly CallOptions Limited = new() { Timeout = Limit };

    [Spec]
    public async Task A_function_that_takes_no_token_gets_no_grace_period()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.FromMinutes(1) });
        await pool.RunAsync(static () => Thread.Sleep(1));
        var process = pool.Workers[0].ProcessId;
        var waited = Stopwatch.StartNew();

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), Limited));

        // Nothing of the call runs any more.
        Assert.False(ProcessTable.IsAlive(process));
        Assert.InRange(waited.Elapsed, Limit, Limit + FreeWithin);
        Assert.Contains("it takes no token", timeout.Message, StringComparison.Ordinal);
        Assert.NotEqual(CallStop.CancellationToken, timeout.StoppedBy);
    }

    [Spec]
    public async Task A_function_that_reads_the_token_of_its_context_gets_a_grace_period()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.FromMinutes(1) });
        var process = pool.Workers[0].ProcessId;

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(
            static () => WorkerContext.Current!.CancellationToken.WaitHandle.WaitOne(), Limited));

        Assert.Equal(CallStop.CancellationToken, timeout.StoppedBy);
        Assert.Equal(process, pool.Workers[0].ProcessId);
    }

    [Spec]
    public async Task A_token_that_an_earlier_call_was_handed_is_no_token_of_the_next()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.FromMinutes(1) });
        await pool.RunAsync(static token => token.IsCancellationRequested);

        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), Limited).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Spec]
    public async Task A_call_and_a_map_may_have_grace_periods_of_their_own()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, CancellationGracePeriod = TimeSpan.FromMinutes(1) });
        var grace = TimeSpan.FromMilliseconds(100);
        var waited = Stopwatch.StartNew();
        var call = pool.RunAsync(static token => Ignore(token), new CallOptions { Timeout = Limit, CancellationGracePeriod = grace });
        var map = pool.MapAsync(
            static (int _) => Ignore(WorkerContext.Current!.CancellationToken), [1], new MapOptions { Timeout = Limit, CancellationGracePeriod = grace });

        await Assert.ThrowsAsync<CallTimeoutException>(() => call);
        await Assert.ThrowsAsync<CallTimeoutException>(() => map);

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Spec]
    public async Task What_a_cold_worker_compiles_does_not_count_so_a_short_limit_does_not_lock_it_out()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StackCaptureTimeout = TimeSpan.Zero });

        // Expressions, regular expressions and serializers: a cold process spends far longer on compiling these than on running them.
        Assert.Equal(12, await pool.RunAsync(CompileMuch, new CallOptions { Timeout = TimeSpan.FromMilliseconds(150) }));
    }

    [Spec]
    public async Task The_log_says_for_which_call_a_worker_was_ended()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = logs });

        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), Limited with { Name = "sleepy" }));

        await Eventually.TrueAsync(() => logs.Lines.Any(static line => line.Event.Id == Lost));
        Assert.Contains("because sleepy ran past its time limit of 300 ms", logs.Lines.Single(static line => line.Event.Id == Lost).Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_slow_call_is_logged_once_with_its_name_its_worker_and_where_it_is_and_runs_on()
    {
        using var logs = new CollectingLoggerFactory();
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = logs, SlowCallThreshold = TimeSpan.FromMinutes(1) });
        var call = pool.RunAsync(
            () =>
            {
                go.Wait();
                return 5;
            },
            new CallOptions { Name = "slow", SlowCallThreshold = TimeSpan.FromMilliseconds(100) });
        await Eventually.TrueAsync(() => logs.Lines.Any(static line => line.Event.Id == SlowCall));
        go.Set();

        Assert.Equal(5, await call);
        Assert.Equal(6, await pool.RunAsync(static () => 6));
        var line = Assert.Single(logs.Lines, static line => line.Event.Id == SlowCall);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Matches(@"slow has been running for \d+ ms in worker w0 \(process \d+\)", line.Message);
        Assert.Contains("Mark.Wait", line.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_worker_that_is_stuck_leaves_its_memory_where_that_is_asked_for()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            DumpOnTimeout = scratch.Path,
            EnvironmentVariables = new Dictionary<string, string?> { ["DOTNET_DbgMiniDumpType"] = "1" },
        });

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), Limited));

        Assert.NotNull(timeout.DumpPath);
        Assert.True(new FileInfo(timeout.DumpPath).Length > 0);
        Assert.StartsWith(scratch.Path, timeout.DumpPath, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_captured_token_that_cancels_a_function_ends_its_call_as_cancelled()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        using var cancellation = new CancellationTokenSource();
        var token = cancellation.Token;
        await using var pool = await ProcessPool.StartAsync(1);
        var call = pool.RunAsync(async () =>
        {
            begun.Set();
            await Task.Delay(Timeout.Infinite, token);
        });
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(call.IsCanceled);
        Assert.Equal(token, cancelled.CancellationToken);

        // What nobody has cancelled is a failure like any other.
        var thrown = pool.RunAsync(() => token.CanBeCanceled ? throw new OperationCanceledException("mine") : 0);
        await thrown.ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.True(thrown.IsCanceled);
        var unlinked = pool.RunAsync(static () => throw new OperationCanceledException("mine"));
        await unlinked.ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.True(unlinked.IsFaulted);
    }

    [Spec]
    public async Task In_this_process_the_exception_comes_after_the_grace_period()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 0, CancellationGracePeriod = TimeSpan.FromMilliseconds(200) });
        using var go = new ManualResetEventSlim();
        InProcessGate = go;
        var waited = Stopwatch.StartNew();

        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => InProcessGate!.Wait(), Limited));

        Assert.InRange(waited.Elapsed, Limit + TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(20));
        go.Set();
    }

    [Spec]
    public async Task A_maps_failure_shows_the_items_index_and_its_argument()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var failure = await Assert.ThrowsAsync<FormatException>(() => pool.MapAsync(
            static (string text) => text.Length > 3 ? throw new FormatException("too long") : text, ["a", "bb", new string('c', 500)]));

        Assert.Equal("too long", failure.Message);
        Assert.Equal(2L, failure.Data["MultiProc.Index"]);
        var argument = Assert.IsType<string>(failure.Data["MultiProc.Argument"]);
        Assert.Equal(200, argument.Length);
        Assert.StartsWith("\"ccc", argument, StringComparison.Ordinal);
        Assert.Contains($"with item 2 of the map: {argument}", failure.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(LimitSpecs), failure.StackTrace, StringComparison.Ordinal);

        var outcomes = await pool.MapSettledAsync(static (int x) => 6 / x, [3, 0]);
        Assert.Equal(2, outcomes[0].Value);
        Assert.Equal((1L, "0"), (outcomes[1].Error!.Data["MultiProc.Index"], outcomes[1].Error!.Data["MultiProc.Argument"]));
    }

    [Spec]
    public async Task A_lost_worker_is_told_in_ten_lines_however_much_it_wrote()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Output = static _ => { } });

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Console.Error.WriteLine($"line {i}");
            }

            Crash.FailFast();
        }));

        Assert.InRange(lost.Message.Split('\n').Length, 2, 10);
        Assert.Contains("the function gives up", lost.Message, StringComparison.Ordinal);
        Assert.Contains("line 50", lost.StandardErrorTail, StringComparison.Ordinal);
    }

    private static ManualResetEventSlim? InProcessGate { get; set; }

    private static int Ignore(CancellationToken token)
    {
        Thread.Sleep(Timeout.Infinite);
        return token.IsCancellationRequested ? 1 : 0;
    }

    private static int CompileMuch()
    {
        var count = 0;
        for (var i = 0; i < 12; i++)
        {
            var value = System.Linq.Expressions.Expression.Parameter(typeof(int), "value");
            System.Linq.Expressions.Expression body = value;
            for (var depth = 0; depth < 200; depth++)
            {
                body = System.Linq.Expressions.Expression.Add(
                    System.Linq.Expressions.Expression.Multiply(body, System.Linq.Expressions.Expression.Constant(depth)), System.Linq.Expressions.Expression.Constant(i));
            }

            var compiled = System.Linq.Expressions.Expression.Lambda<Func<int, int>>(body, value).Compile();
            count += compiled(i) == int.MinValue ? 0 : 1;
        }

        return count;
    }
}
