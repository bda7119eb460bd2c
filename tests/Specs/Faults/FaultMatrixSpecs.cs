using System.Diagnostics;

namespace MultiProc.Specs.Faults;

/// <summary>Every way to die, at every instant, with and without another attempt. The two tables below say what must come of it.</summary>
public sealed class FaultMatrixSpecs : PoolSpec
{
    private const int Neighbours = 5;

    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(1);

    private static readonly Way[] Ways =
    [
        new(nameof(Crash.Exit), 3, null, "", "Environment.Exit"),
        new(nameof(Crash.FailFast), null, "SIGABRT", "the function gives up", "Environment.FailFast"),
        new(nameof(Crash.OverflowStack), null, "SIGABRT", "Stack overflow", "recursion without end"),
        new(nameof(Crash.Segfault), null, "SIGSEGV", "", "native code"),
        new(nameof(Crash.RunOutOfMemory), null, "SIGABRT", "emory", "out of memory"),
        new(nameof(Crash.Sigkill), null, "SIGKILL", "", "killed from outside"),
        new(nameof(Crash.Abort), null, "SIGABRT", "", "native code"),
        new(nameof(Crash.ThrowOnBackgroundThread), null, "SIGABRT", "nobody catches this", "was not caught there"),
    ];

    /// <summary>When it dies, and what becomes of the call: if it may begin once, and if it may begin twice.</summary>
    public static TheoryData<Instant, Outcome, Outcome> Outcomes() => new()
    {
        { Instant.Starting, Outcome.Unharmed, Outcome.Unharmed },
        { Instant.Idle, Outcome.Unharmed, Outcome.Unharmed },
        { Instant.ReadingRequest, Outcome.Unharmed, Outcome.Unharmed },
        { Instant.Running, Outcome.Lost, Outcome.Retried },
        { Instant.WritingResult, Outcome.Lost, Outcome.Retried },
        { Instant.Exiting, Outcome.Unharmed, Outcome.Unharmed },
    };

    [SpecTheory]
    [MemberData(nameof(Outcomes))]
    public async Task A_death_costs_the_call_that_was_running_its_attempt_and_nothing_else(Instant instant, Outcome once, Outcome twice)
    {
        using var scratch = new Scratch();
        var order = scratch.Journal();
        await using var pool = await StartAsync(instant, order);
        foreach (var way in Ways)
        {
            if (once == twice)
            {
                // Both calls meet the same death.
                await ExpectAsync(pool, instant, way, order, (1, once), (2, twice));
            }
            else
            {
                await ExpectAsync(pool, instant, way, order, (1, once));
                await ExpectAsync(pool, instant, way, order, (2, twice));
            }
        }

        await Eventually.TrueAsync(() => pool.Workers is [{ State: WorkerState.Idle }]);
    }

    [Spec]
    public async Task A_loss_is_told_within_a_second()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        await using var pool = await ProcessPool.StartAsync(1);
        var call = pool.RunAsync(() =>
        {
            begun.Set();
            Thread.Sleep(Timeout.Infinite);
        });
        await begun.WaitAsync();

        var killed = Stopwatch.StartNew();
        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);

        await Assert.ThrowsAsync<WorkerLostException>(() => call);
        Assert.True(killed.Elapsed < TellLimit, $"It took {killed.Elapsed}.");
    }

    /// <summary>One worker, so that it is known who dies; and a spare one, so that no death costs a start.</summary>
    private static Task<ProcessPool> StartAsync(Instant instant, Journal order)
    {
        var options = new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1, MaxWorkerHeapBytes = 400 << 20, Output = static _ => { } };
        return ProcessPool.StartAsync(instant switch
        {
            Instant.Starting => (options with { StandbyWorkers = 0 }).WithInitializer(Dying.Once, order),
            Instant.Exiting => (options with { MaxTasksPerWorker = Neighbours + 2 }).WithExitHook(() => Dying.Once(order)),
            _ => options,
        });
    }

    private static async Task ExpectAsync(ProcessPool pool, Instant instant, Way way, Journal order, params (int Attempts, Outcome Outcome)[] expected)
    {
        // Or the one that died before is taken for the one that will.
        await Eventually.TrueAsync(() => pool.Workers is [{ State: WorkerState.Idle } worker] && ProcessTable.IsAlive(worker.ProcessId));
        var before = pool.Statistics;
        var neighbours = Enumerable.Range(0, Neighbours).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();

        var victim = await BringDeathAsync(pool, instant, way.Name, order, neighbours);
        var calls = expected.Select(one => CallAsync(pool, instant, order, new CallOptions { MaxAttempts = one.Attempts })).ToArray();

        foreach (var (call, outcome) in calls.Zip(expected, static (call, one) => (call, one.Outcome)))
        {
            await Task.WhenAny(call);
            if (outcome == Outcome.Lost || (MayHaveBegun(instant) && call.IsFaulted))
            {
                ExpectTold(await Assert.ThrowsAsync<WorkerLostException>(() => call), way);
            }
            else
            {
                Assert.Equal((way.Name, Dying.Large), (way.Name, await call));
            }
        }

        // It has died indeed.
        await Eventually.TrueAsync(() => order.Lines().Length == 0 && (victim is null || !ProcessTable.IsAlive(victim.Value)), $"{way.Name} when {instant}");
        Assert.Equal(Enumerable.Range(0, Neighbours), await Task.WhenAll(neighbours));
        var retried = pool.Statistics.Retried - before.Retried;
        Assert.Equal((way.Name, calls.LongCount(static call => !call.IsCompletedSuccessfully)), (way.Name, pool.Statistics.Failed - before.Failed));
        var retries = expected.LongCount(static one => one.Outcome == Outcome.Retried);
        Assert.InRange(retried, retries, MayHaveBegun(instant) ? calls.Length : retries);
    }

    // Dying takes a process a moment (the runtime writes down the stacks first), and what it was reading may have been read by then: then the call has begun, and is lost.
    private static bool MayHaveBegun(Instant instant) => instant == Instant.ReadingRequest;

    private static void ExpectTold(WorkerLostException lost, Way way)
    {
        Assert.Equal((way.Name, way.ExitCode, way.Signal), (way.Name, lost.ExitCode, lost.Signal));
        var message = lost.Message.Split(Environment.NewLine)[0];
        Assert.Contains(way.Signal ?? $"exit code {way.ExitCode}", message, StringComparison.Ordinal);
        Assert.Contains(way.Cause, message, StringComparison.Ordinal);
        Assert.Contains(way.StandardErrorExcerpt, lost.StandardErrorTail, StringComparison.Ordinal);
        Assert.StartsWith("MultiProc.Specs.Faults.Dying.", lost.Function, StringComparison.Ordinal);
        Assert.Equal(0, lost.Slot);
        Assert.NotEqual(0, lost.ProcessId);
    }

    /// <summary>Makes sure that a worker dies at that instant.</summary>
    /// <returns>Its process; null when that is not known before.</returns>
    private static async Task<int?> BringDeathAsync(ProcessPool pool, Instant instant, string way, Journal order, Task[] neighbours)
    {
        switch (instant)
        {
            case Instant.Starting:
                // The one that replaces it dies.
                await Task.WhenAll(neighbours);
                await Eventually.TrueAsync(() => pool.Workers is [{ State: WorkerState.Idle }]);
                var process = pool.Workers[0].ProcessId;
                order.Add(way);
                Posix.Signal(process, Posix.Kill);
                return process;
            case Instant.Idle:
                var idle = await pool.ApplyAsync(static way => Prepare(Dying.Soon, way), way);
                await Eventually.TrueAsync(() => !ProcessTable.IsAlive(idle));
                return idle;
            case Instant.ReadingRequest:
                return await pool.ApplyAsync(static way => Prepare(Dying.WhileReading, way), way);
            default:
                order.Add(way);
                return null;
        }
    }

    private static Task<int> CallAsync(ProcessPool pool, Instant instant, Journal order, CallOptions options) => instant switch
    {
        Instant.Running => pool.ApplyAsync(Dying.InFunction, order, options),
        Instant.WritingResult => LengthAsync(pool.ApplyAsync(Dying.WhileWriting, order, options)),
        Instant.ReadingRequest => pool.ApplyAsync(Dying.Length, new byte[Dying.Large], options),
        _ => pool.ApplyAsync(static (int length) => length, Dying.Large, options),
    };

    private static int Prepare(Action<string> prepare, string way)
    {
        prepare(way);
        return Environment.ProcessId;
    }

    private static async Task<int> LengthAsync(Task<Dying.Halves> call) => (await call).Length;

    /// <summary>How a worker dies, and how that is told: exit code, signal, what its last words contain, and what is named as the cause.</summary>
    private sealed record Way(string Name, int? ExitCode, string? Signal, string StandardErrorExcerpt, string Cause);
}
