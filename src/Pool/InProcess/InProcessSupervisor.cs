using System.Diagnostics;
using MultiProc.Diagnostics;
using MultiProc.Insights;
using MultiProc.Live;
using MultiProc.Scheduling;
using MultiProc.Workers;

namespace MultiProc.InProcess;

/// <summary>
/// The supervisor of a pool without processes. One thread of this process runs the calls in turn, through the same
/// copy boundary.
/// </summary>
internal sealed class InProcessSupervisor : IWorkerSupervisor, IRunnerOwner
{
    private readonly WorkerHooks _hooks;
    private readonly long _maxResultBytes;
    private readonly PoolLog _log;
    private readonly LoggerTable _loggers;
    private readonly InsightsLedger? _insights;
    private readonly HostClock _clock = new(TimeProvider.System);
    private volatile InProcessRunner _runner;

    public InProcessSupervisor(DispatcherSettings settings, WorkerHooks hooks, PoolLog log, InsightsLedger? insights, long maxResultBytes, LoggerTable loggers)
    {
        _maxResultBytes = maxResultBytes;
        _hooks = hooks;
        _loggers = loggers;
        _log = log;
        _insights = insights;

        // There is no process to replace, so limits on a worker's life have no effect.
        Dispatcher = new Dispatcher(this, settings with { MaxTasksPerRunner = null, MaxRunnerMemoryBytes = null, StackCaptureTimeout = TimeSpan.Zero }, TimeProvider.System, _clock);
        _runner = new InProcessRunner(Dispatcher, log, _maxResultBytes, _hooks.Rules, _loggers, Replace);
    }

    public Dispatcher Dispatcher { get; }

    public int Count => 1;

    public IReadOnlyList<int> Slots { get; } = [0];

    public int Restarted => 0;

    public int Recycled => 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        if (await _runner.RunHookAsync(_hooks.Initializer).WaitAsync(cancellationToken).ConfigureAwait(false) is { } cause)
        {
            _runner.Stop();
            throw new WorkerStartException($"The initializer failed in this process: {cause.Message}", cause);
        }

        _insights?.NoteReady(slot: 0, starting: default, Stopwatch.GetElapsedTime(began));
        _clock.Start();
        Dispatcher.Attach(_runner);
    }

    public IReadOnlyList<WorkerInfo> Snapshot() => [_runner.Describe()];

    public Task ResizeAsync(int count, CancellationToken cancellationToken) => Task.CompletedTask;

    public bool Kill(int slot) => false;

    public bool Recycle(int slot) => false;

    public async Task EndAsync()
    {
        if (await _runner.RunHookAsync(_hooks.Exit).ConfigureAwait(false) is { } failure)
        {
            await Console.Error.WriteLineAsync(TerminalText.Lines($"The exit hook failed: {failure}")).ConfigureAwait(false);
        }

        Stop();
    }

    public Task EndNowAsync()
    {
        Stop();
        return Task.CompletedTask;
    }

    private void Stop()
    {
        _runner.Stop();
        _clock.Dispose();
        _insights?.NoteGone(slot: 0);
    }

    /// <summary>
    /// Abandons a call that ignores its token together with its thread, which cannot be killed. Another thread runs
    /// the rest.
    /// </summary>
    private void Replace(InProcessRunner stuck, StopOrder order)
    {
        var running = stuck.Running;
        stuck.Stop();
        _runner = new InProcessRunner(Dispatcher, _log, _maxResultBytes, _hooks.Rules, _loggers, Replace);
        Dispatcher.OnLost(stuck, new RunnerExit(0, Environment.ProcessId, null, null, "", CallStop.Kill) { Order = order }, new LastStatus(IsReadable: true, running));
        Dispatcher.Attach(_runner);
    }

    void IRunnerOwner.OnRetiring(ICallRunner runner)
    {
    }

    // It retires only to be killed, and is replaced then.
    void IRunnerOwner.OnRetired(ICallRunner runner)
    {
    }
}
