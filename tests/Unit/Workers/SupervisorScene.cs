using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MultiProc.Diagnostics;
using MultiProc.Scheduling;
using MultiProc.Unit.Scheduling;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

/// <summary>A supervisor whose workers and whose clock do as a test says. What follows from that runs on threads of its own, as it does in a pool.</summary>
internal sealed class SupervisorScene
{
    private const int MostSlots = 4;

    // Far more than it takes; what hangs, ends here.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeStarts _starts = new();
    private readonly RecentEvents _events;
    private readonly WorkerSupervisor _supervisor;
    private readonly List<Task> _orders = [];
    private readonly int _standby;
    private int _count;

    public SupervisorScene(int processes, int standby, int? maxTasks = null, int? maxRestarts = null)
    {
        (_count, _standby) = (processes, standby);
        _events = new RecentEvents(NullLogger.Instance, _time);
        _supervisor = new WorkerSupervisor(
            new ProcessPoolOptions { Processes = processes, StandbyWorkers = standby, MaxTasksPerWorker = maxTasks, MaxRestarts = maxRestarts },
            new DispatcherSettings(maxTasks, MaxRunnerMemoryBytes: null, Scene.Grace, QueuePermits: null) { Defer = static action => action() }, new PoolLog(_events), new PoolMetrics("tests", new PoolLog(_events)), insights: null, _time,
            (dispatcher, clock) =>
            {
                _starts.Scene = new Scene(dispatcher, _time, clock);
                return _starts.StartAsync;
            });
    }

    private bool HasGivenUp => _events.Snapshot().Any(static line => line.Text.Contains("given up", StringComparison.Ordinal));

    /// <summary>Starts the pool, lets all that happen, and then everything come to its end: no call lost, no worker too many or too few.</summary>
    public async Task PlayAsync(IEnumerable<Fate> fates)
    {
        var start = _supervisor.StartAsync(CancellationToken.None);
        while (_starts.Succeed(0) || !start.IsCompleted)
        {
            await Task.Yield();
        }

        await start;
        foreach (var fate in fates)
        {
            await DoAsync(fate);
        }

        await HealAsync();
        await EndAsync();
        _starts.Scene.AssertRules();
    }

    /// <summary>Starts the pool, and lets one of its workers fail once so many others have started: then none may be left.</summary>
    public async Task FailToStartAsync(int which, int started)
    {
        var start = _supervisor.StartAsync(CancellationToken.None);
        await UntilAsync(() => _starts.Pending == _count + _standby);
        for (var number = 0; number < started; number++)
        {
            _starts.Succeed(which + number);
        }

        _starts.Fail(which, wasKilled: false);

        await Assert.ThrowsAsync<WorkerStartException>(() => start.WaitAsync(MaxWait));
        AssertNobodyIsLeft();
    }

    /// <summary>Starts the pool, and lets the end of one of its workers be a riddle: every call must end all the same, with the cause.</summary>
    public async Task BreakAsync()
    {
        var start = _supervisor.StartAsync(CancellationToken.None);
        await UntilAsync(() => _starts.Pending == _count);
        while (_starts.Succeed(0))
        {
        }

        await start;
        var calls = Enumerable.Range(0, 5).Select(_ => _starts.Scene.Submit(attempts: 3)).ToList();
        var broken = _starts.Living[0];
        broken.Begin();
        broken.Break(new InvalidOperationException("It left no trace."));

        await UntilAsync(AllCallsEnded);
        Assert.All(calls, static call => Assert.Contains("It left no trace.", Assert.IsType<WorkerStartException>(call.Error).Message));
        await UntilAsync(() => HasGivenUp);
        await _supervisor.EndNowAsync().WaitAsync(MaxWait);
        AssertNobodyIsLeft();
    }

    private async Task DoAsync(Fate fate)
    {
        switch (fate.What)
        {
            case FateKind.Start:
                _starts.Succeed(fate.A);
                break;
            case FateKind.FailToStart:
                _starts.Fail(fate.A, wasKilled: fate.B % 2 == 0);
                break;
            case FateKind.Submit:
                _starts.Scene.Submit(attempts: 1 + (fate.B % 3), slot: fate.A % 8 == 0 ? 0 : null);
                break;
            case FateKind.Begin:
                Worker(fate)?.Begin();
                break;
            case FateKind.End when Worker(fate) is { } worker:
                worker.End();
                worker.Flush();
                break;
            case FateKind.Die:
                Worker(fate)?.Exit(fate.B % 2 == 0 ? "SIGKILL" : null);
                break;
            case FateKind.Kill:
                _supervisor.Kill(fate.A % MostSlots);
                break;
            case FateKind.Recycle:
                _supervisor.Recycle(fate.A % MostSlots);
                break;
            case FateKind.Resize:
                _count = 1 + (fate.A % MostSlots);
                _orders.Add(_supervisor.ResizeAsync(_count, CancellationToken.None));
                break;
            case FateKind.Wait:
                _time.Advance(Scene.Millisecond * (1 + (fate.A * 20)));
                break;
            case FateKind.Rest:
                await Task.Delay(1);
                break;
        }
    }

    private FakeWorker? Worker(Fate fate) => _starts.Living is { Length: > 0 } living ? living[fate.A % living.Length] : null;

    // Whatever has happened, with time and starts that succeed there are as many workers as there should be, and all calls end.
    private Task HealAsync() =>
        UntilAsync(() =>
        {
            if (AllCallsEnded() && (HasGivenUp || IsWhole()))
            {
                return true;
            }

            while (_starts.Succeed(0))
            {
            }

            foreach (var worker in _starts.Living)
            {
                if (worker.Kills > 0)
                {
                    worker.Exit("SIGTERM");
                }
                else if (!worker.IsShuttingDown)
                {
                    worker.Begin();
                    worker.End();
                    worker.Flush();
                }
            }

            _time.Advance(Scene.Millisecond * 50);
            return false;
        });

    private async Task UntilAsync(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < MaxWait, $"It does not come to that: {Describe()}");
            await Task.Yield();
        }
    }

    private bool AllCallsEnded() => _starts.Scene.Calls.All(static call => call.HasEnded);

    // A standby worker that could not be started is missed until the next is used up.
    private bool IsWhole() =>
        _starts.Pending == 0
        && _supervisor.Snapshot() is var workers && workers.Count == _count && workers.All(static worker => worker.State is WorkerState.Idle)
        && _starts.Living.Length >= _count && _starts.Living.Length <= _count + _standby;

    private async Task EndAsync()
    {
        _supervisor.Dispatcher.Close();
        await _supervisor.Dispatcher.Drained.WaitAsync(MaxWait);
        await _supervisor.EndAsync().WaitAsync(MaxWait);
        await Task.WhenAll(_orders).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(MaxWait);
        Assert.All(_orders, static order => Assert.True(order.Exception?.InnerException is null or WorkerStartException, order.Exception?.ToString()));
        AssertNobodyIsLeft();
    }

    private void AssertNobodyIsLeft()
    {
        Assert.Equal(0, _starts.Pending);
        Assert.Empty(_starts.Living);
        Assert.All(_starts.All, static worker => Assert.True(worker.Ended.IsCompleted));
    }

    private string Describe() =>
        $"{_starts.Pending} are starting, {_starts.Living.Length} live, for {string.Join(", ", _supervisor.Snapshot().Select(static worker => worker.State))}; "
        + $"calls: {_starts.Scene.Calls.Count(static call => !call.HasEnded)} open; {string.Join(" | ", _events.Snapshot().Select(static line => line.Text))}";
}
