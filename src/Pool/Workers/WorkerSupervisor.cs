using MultiProc.Diagnostics;
using MultiProc.Insights;
using MultiProc.Protocol.Calls;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>
/// The supervisor of a pool's worker processes: starts them, replaces lost and retired ones, and ends them all.
/// Thread-safe.
/// </summary>
/// <remarks>
/// <para>The life of a slot, and the method that makes each step:</para>
/// <code>
///                       ┌───────────────────────── failed, back-off ─────────────────────────┐
///                       ▼                                                                    │
/// StartAsync, Resize ─► Begin ─► ReplaceAsync ─► FillAsync ─► Attach ─► MonitorAsync ─► lost, or OnRetiring ─► Replace
///                                                               ▲                                                │
///                                                               └────────────── a standby worker ◄───────────────┘
/// GiveUp: a slot has failed too often, or the pool has lost too many workers. Nothing is replaced from then on.
/// </code>
/// <para>
/// One lock guards the slots, the live workers, the standby workers, the steps under way, and the counts. Inside it
/// state changes and steps begin. Nothing that could call the application is called inside: dispatcher, log, metrics
/// and insights are notified afterwards.
/// </para>
/// <para>
/// A step is a background task. Only <see cref="AllEndedAsync"/> awaits the steps, because each may still start a
/// worker.
/// </para>
/// </remarks>
internal sealed class WorkerSupervisor : IWorkerSupervisor, IRunnerOwner
{
    // The same limit as in loky: no application nests deeper on purpose.
    private const int MaxDepth = 10;

    // The interval at which the application's files are checked, until they are back.
    private static readonly TimeSpan FilesInterval = TimeSpan.FromSeconds(1);

    private readonly ProcessPoolOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly StartWorker _start;
    private readonly PoolLog _log;
    private readonly TimeProvider _time;
    private readonly HostClock _clock;
    private readonly PoolMetrics _metrics;
    private readonly InsightsLedger? _insights;
    private readonly CancellationTokenSource _ending = new();

    private readonly Lock _gate = new();
    private readonly List<WorkerSlot> _slots = [];
    private readonly HashSet<IWorker> _alive = [];
    private readonly Queue<IWorker> _standby = new();
    private readonly HashSet<Task> _steps = [];
    private readonly RestartIntensity _losses;
    private bool _hasGivenUp;
    private Exception? _cause;
    private string? _filesReason;
    private int _restarted;
    private int _recycled;

    /// <param name="options">The pool's options.</param>
    /// <param name="settings">The dispatcher's settings.</param>
    /// <param name="log">Logs the events of workers.</param>
    /// <param name="metrics">Counts the events of workers.</param>
    /// <param name="insights">Receives the times of workers; null: insights are off.</param>
    /// <param name="time">The clock for limits, delays and the restart window.</param>
    /// <param name="starter">Creates the function that starts workers for this dispatcher.</param>
    public WorkerSupervisor(
        ProcessPoolOptions options, DispatcherSettings settings, PoolLog log, PoolMetrics metrics, InsightsLedger? insights, TimeProvider time, Func<Dispatcher, HostClock, StartWorker> starter)
    {
        _options = options;
        _log = log;
        _metrics = metrics;
        _insights = insights;
        _time = time;
        _losses = new RestartIntensity(options.MaxRestarts, options.RestartWindow, time);
        _clock = new HostClock(time);
        _dispatcher = new Dispatcher(this, settings, time, _clock);
        _start = starter(_dispatcher, _clock);
    }

    public Dispatcher Dispatcher => _dispatcher;

    public int Restarted => Volatile.Read(ref _restarted);

    public int Recycled => Volatile.Read(ref _recycled);

    public int Count => Slots.Count;

    public IReadOnlyList<int> Slots
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots.Select(static slot => slot.Index)];
            }
        }
    }

    private IReadOnlyCollection<IWorker> Alive
    {
        get
        {
            lock (_gate)
            {
                return [.. _alive];
            }
        }
    }

    /// <summary>
    /// Starts all workers at once. If one cannot be started, ends the others and fails with the cause.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (CurrentWorker.Identity is { Depth: >= MaxDepth } nested)
        {
            throw new WorkerStartException(
                $"Pools are nested {nested.Depth} deep: worker {nested.Name} may not start another. A function that starts a pool of itself would never end; "
                + "start the pool in the host, and pass work to it.");
        }

        _clock.Start();
        DebuggerInvitation.ShowMissing(_options.Debugging, _options.Processes, _log);

        // Start-up does not wait for workers that wait for a debugger: the others work on.
        var slots = ChangeSlots(_options.Processes).Added.ToLookup(slot => _options.Debugging.Includes(slot.Index));
        Begin(slots[true]);
        if (OperatingSystem.IsLinux())
        {
            _ = Track(new DebuggerWatch(() => Alive, _log, _time).RunAsync(_ending.Token));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        var starts = slots[false].Select(slot => FillAsync(slot, stop.Token))
            .Concat(Enumerable.Range(0, _options.StandbyWorkers).Select(_ => StandByAsync(stop.Token))).ToArray();
        try
        {
            await foreach (var start in Task.WhenEach(starts).ConfigureAwait(false))
            {
                await start.ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndNowAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the pool: every worker finishes its call and shuts down.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Alive.Select(ShutDownAsync)).ConfigureAwait(false);
        await AllEndedAsync().ConfigureAwait(false);
    }

    /// <summary>Kills every worker at once.</summary>
    public async Task EndNowAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var worker in Alive)
        {
            worker.KillNow();
        }

        await AllEndedAsync().ConfigureAwait(false);
    }

    public async Task ResizeAsync(int count, CancellationToken cancellationToken)
    {
        var (added, leaving) = ChangeSlots(count);

        // The dispatcher retires them when they have completed their calls; what is queued at them goes to others.
        foreach (var worker in leaving)
        {
            _dispatcher.Retire(worker);
        }

        _dispatcher.Review();
        List<Task> changes = [.. leaving.Select(static worker => worker.Ended)];
        changes.AddRange(Begin(added).Where(start => !_options.Debugging.Includes(start.Slot)).Select(static start => start.Step));
        await Task.WhenAll(changes).WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfNotStarted(added);
    }

    public bool Kill(int slot) => TryOrder(slot, static (_, worker) => worker.Kill(new StopOrder(StopCause.Request, "somebody asked for it over the control pipe")));

    public bool Recycle(int slot) => TryOrder(slot, static (dispatcher, worker) => dispatcher.Recycle(worker));

    public IReadOnlyList<WorkerInfo> Snapshot()
    {
        (int Index, IWorker? Worker, bool IsReplacing, int Starting, int Restarts)[] slots;
        lock (_gate)
        {
            slots = [.. _slots.Select(static slot => (slot.Index, slot.Current, slot.IsReplacing, slot.StartingProcessId, slot.Restarts))];
        }

        return
        [
            .. slots.Select(slot => slot.Worker is { } worker
                ? Describe(slot.Index, worker, slot.IsReplacing, slot.Restarts)
                : DescribeEmpty(slot.Index, slot.Starting, slot.Restarts)),
        ];
    }

    void IRunnerOwner.OnRetiring(ICallRunner runner)
    {
        var worker = (IWorker)runner;
        int index;
        lock (_gate)
        {
            if (_slots.Find(slot => slot.Current == worker) is not { IsReplacing: false } slot || _ending.IsCancellationRequested)
            {
                return;
            }

            index = slot.Index;
            _recycled++;
            Replace(slot);
        }

        _metrics.NoteRestart("recycled");
        _log.WorkerRecycled(index, worker.ProcessId);
    }

    void IRunnerOwner.OnRetired(ICallRunner runner) => _ = ShutDownAsync((IWorker)runner);

    /// <summary>Adds or removes slots to reach the count.</summary>
    /// <returns>The new slots, and the workers of the removed ones.</returns>
    private (List<WorkerSlot> Added, List<IWorker> Leaving) ChangeSlots(int count)
    {
        lock (_gate)
        {
            var added = Enumerable.Range(_slots.Count, Math.Max(0, count - _slots.Count)).Select(static index => new WorkerSlot(index)).ToList();
            var removed = _slots.Skip(count).ToList();
            _slots.AddRange(added);
            _slots.RemoveRange(_slots.Count - removed.Count, removed.Count);
            removed.ForEach(static slot => slot.IsRemoved = true);
            _dispatcher.SetSlots(_slots.Count);
            return (added, [.. removed.Select(static slot => slot.Current).OfType<IWorker>()]);
        }
    }

    /// <summary>Starts workers for these slots, with retries.</summary>
    private List<(int Slot, Task Step)> Begin(IEnumerable<WorkerSlot> slots)
    {
        lock (_gate)
        {
            return [.. slots.Select(slot => (slot.Index, BeginReplacing(slot)))];
        }
    }

    /// <summary>Requires the lock.</summary>
    private Task BeginReplacing(WorkerSlot slot)
    {
        slot.IsReplacing = true;
        return Track(RunStepAsync(slot, () => ReplaceAsync(slot)));
    }

    /// <summary>Fills the slot with a standby worker, or starts a new one. Requires the lock.</summary>
    private void Replace(WorkerSlot slot)
    {
        if (_hasGivenUp)
        {
            return;
        }

        slot.Restarts++;
        while (_standby.TryDequeue(out var standby))
        {
            Track(Task.Run(StandByAgainAsync));
            if (!standby.Ended.IsCompleted)
            {
                slot.Current = standby;
                Track(RunStepAsync(slot, () =>
                {
                    standby.Promote(slot.Index);
                    Attach(slot, standby);
                    return Task.CompletedTask;
                }));
                return;
            }
        }

        BeginReplacing(slot);
    }

    /// <summary>Fills a slot, with retries and back-off, until that makes no sense any more.</summary>
    private async Task ReplaceAsync(WorkerSlot slot)
    {
        while (true)
        {
            try
            {
                await Task.Delay(RestartDelay.After(FailuresOf(slot), Random.Shared.NextDouble()), _time, _ending.Token).ConfigureAwait(false);
                await FillAsync(slot, _ending.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    _filesReason = null;
                }

                return;
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (WorkerStartException exception) when (exception.IsOtherBuild)
            {
                // A deployment is under way, or a mistake was made. The worker is not at fault, and the files may come
                // back at any time.
                await WaitForFilesAsync(slot.Index, exception).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                int failures;
                bool isWanted;
                lock (_gate)
                {
                    slot.CountFailure(exception is WorkerStartException { WasKilled: true });
                    failures = slot.FailuresInRow;
                    isWanted = !slot.IsRemoved && !_hasGivenUp;
                }

                _log.WorkerNotStarted(slot.Index, failures, exception);
                _metrics.NoteRestart("start_failed");
                if (isWanted && failures >= RestartDelay.MaxFailuresInRow)
                {
                    GiveUp($"worker {WorkerName.Of(slot.Index)} could not be started {failures} times in a row; the last cause: {exception.Message}", exception, failsRunning: false);
                    return;
                }

                if (!isWanted)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Starts one worker for a slot.</summary>
    private async Task FillAsync(WorkerSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            var worker = await _start(slot.Index, id => SetStarting(slot, id), cancellationToken).ConfigureAwait(false);
            bool isWanted;
            lock (_gate)
            {
                _alive.Add(worker);
                slot.IsReplacing = false;
                isWanted = !slot.IsRemoved && !_ending.IsCancellationRequested;
                slot.Current = isWanted ? worker : null;
            }

            if (isWanted)
            {
                Attach(slot, worker);
            }
            else
            {
                // The pool ended, or became smaller, during the start.
                worker.KillNow();
            }

            _log.WorkerReady(slot.Index, worker.ProcessId);
        }
        finally
        {
            SetStarting(slot, 0);
        }
    }

    private void Attach(WorkerSlot slot, IWorker worker)
    {
        _insights?.NoteReady(slot.Index, worker.Starting, worker.Initializing);
        _dispatcher.Attach(worker);
        bool isWanted;
        lock (_gate)
        {
            isWanted = !slot.IsRemoved;
        }

        if (!isWanted)
        {
            // The pool became smaller just now: the dispatcher was told to retire a runner that it did not know yet.
            _dispatcher.Retire(worker);
        }

        _ = RunStepAsync(slot, () => MonitorAsync(slot, worker));
    }

    /// <summary>Waits for the worker's end, and replaces it if it was lost.</summary>
    private async Task MonitorAsync(WorkerSlot slot, IWorker worker)
    {
        RunnerExit exit;
        try
        {
            exit = await worker.Ended.ConfigureAwait(false);
        }
        catch
        {
            worker.KillNow();
            throw;
        }

        // The dispatcher does not know a worker that ended before it was attached. For any other this call does
        // nothing.
        _dispatcher.OnLost(worker, exit, LastStatus.Idle);
        _insights?.NoteGone(slot.Index);
        string? faultReason;
        lock (_gate)
        {
            _alive.Remove(worker);
            if (slot.Current != worker || slot.IsReplacing || _ending.IsCancellationRequested)
            {
                // The successor of a retired worker is ready or on its way.
                return;
            }

            slot.Current = null;
            if (slot.IsRemoved)
            {
                return;
            }

            _restarted++;
            faultReason = worker.HasOtherBuild ? null : NoteLoss(slot, worker, exit);
            if (faultReason is null)
            {
                Replace(slot);
            }
        }

        _metrics.NoteRestart(exit.StoppedBy is null ? "lost" : "stopped");
        if (faultReason is null)
        {
            _log.WorkerLost(slot.Index, exit.ProcessId, exit.Description);
        }
        else
        {
            GiveUp(faultReason, cause: null, failsRunning: false);
        }
    }

    /// <summary>Counts a loss. Requires the lock.</summary>
    /// <returns>The reason why the pool gives up; null: the worker is to be replaced.</returns>
    private string? NoteLoss(WorkerSlot slot, IWorker worker, RunnerExit exit)
    {
        if (_losses.NoteLoss())
        {
            return $"{_losses.Count} workers were lost within {_options.RestartWindow} (MaxRestarts = {_options.MaxRestarts}); the last: {exit.Description}";
        }

        if (!worker.ExitedBeforeFirstCall || worker.Age > _options.RestartWindow)
        {
            slot.ResetFailures();
            return null;
        }

        slot.CountFailure(SignalName.IsExternal(exit.Signal));
        return slot.FailuresInRow < RestartDelay.MaxFailuresInRow
            ? null
            : $"worker {WorkerName.Of(slot.Index)} was lost {slot.FailuresInRow} times in a row before it had ended a call; the last time: {exit.Description}";
    }

    /// <summary>Starts one standby worker.</summary>
    private async Task StandByAsync(CancellationToken cancellationToken)
    {
        var worker = await _start(WorkerName.Standby, static _ => { }, cancellationToken).ConfigureAwait(false);
        worker.WarmUp();
        lock (_gate)
        {
            _alive.Add(worker);
            _standby.Enqueue(worker);
        }

        if (_ending.IsCancellationRequested)
        {
            worker.KillNow();
        }

        _log.WorkerReady(WorkerName.Standby, worker.ProcessId);
    }

    /// <summary>
    /// Replaces a standby worker that was used. If that fails, a later loss costs start-up time again, and the start
    /// for the slot reports the cause.
    /// </summary>
    private async Task StandByAgainAsync()
    {
        try
        {
            while (!await TryStandByAsync().ConfigureAwait(false))
            {
                // The application's files may come back.
            }
        }
        catch (Exception exception)
        {
            if (!_ending.IsCancellationRequested)
            {
                _log.WorkerNotStarted(WorkerName.Standby, 1, exception);
            }
        }
    }

    private async Task<bool> TryStandByAsync()
    {
        try
        {
            await StandByAsync(_ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (WorkerStartException exception) when (exception.IsOtherBuild)
        {
            await WaitForFilesAsync(WorkerName.Standby, exception).ConfigureAwait(false);
            return _ending.IsCancellationRequested;
        }
    }

    /// <summary>
    /// Waits before the next check of the application's files. Each reason is logged once, not for each check.
    /// </summary>
    private async Task WaitForFilesAsync(int slot, WorkerStartException exception)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _filesReason != exception.Message;
            _filesReason = exception.Message;
        }

        if (isNew)
        {
            _log.FilesDiffer(slot, exception.Message);
        }

        await Task.Delay(FilesInterval, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Shuts a worker down. <see cref="MonitorAsync"/> handles its end.</summary>
    private async Task ShutDownAsync(IWorker worker)
    {
        try
        {
            await worker.ShutDownAsync(_options.CancellationGracePeriod, _clock).ConfigureAwait(false);
        }
        catch (Exception)
        {
            worker.KillNow();
        }
    }

    /// <summary>
    /// Runs a step on the thread pool. Nobody awaits it, so a failure must fault the pool: otherwise its slot would
    /// stay empty, and calls would wait for its worker for ever.
    /// </summary>
    private async Task RunStepAsync(WorkerSlot slot, Func<Task> step)
    {
        try
        {
            await Task.Run(step).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The state of the worker's calls is unknown: they must not be repeated, and nobody will report their end.
            GiveUp($"worker {WorkerName.Of(slot.Index)} could be looked after no longer: {exception.Message}", exception, failsRunning: true);
        }
    }

    /// <summary>Faults the pool: no worker is replaced from now on, and waiting calls fail.</summary>
    /// <param name="reason">The reason, as text.</param>
    /// <param name="cause">The exception; null: none.</param>
    /// <param name="failsRunning">Whether running calls fail, too, because their end may never be reported.</param>
    private void GiveUp(string reason, Exception? cause, bool failsRunning)
    {
        var inner = (cause as WorkerStartException)?.InnerException ?? cause;
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_hasGivenUp;
            if (isFirst)
            {
                (_hasGivenUp, _cause) = (true, inner);
            }
        }

        Exception Error() => new WorkerStartException($"The pool has given up: {reason}", inner);

        // Before the log is written: a logger may block.
        if (failsRunning)
        {
            _dispatcher.FailAll(Error);
        }
        else if (isFirst)
        {
            _dispatcher.Fault(Error);
        }

        if (isFirst)
        {
            _log.PoolFaulted(reason, cause);
        }
    }

    /// <summary>
    /// Waits until no worker lives. A step that was under way when the pool began to end may still start one, so this
    /// repeats until none is left.
    /// </summary>
    private async Task AllEndedAsync()
    {
        while (true)
        {
            Task[] open;
            lock (_gate)
            {
                _alive.RemoveWhere(static worker => worker.Ended.IsCompleted);
                _steps.RemoveWhere(static step => step.IsCompleted);
                open = [.. _steps, .. _alive.Select(static worker => worker.Ended)];
            }

            if (open.Length == 0)
            {
                _clock.Dispose();
                return;
            }

            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task Track(Task step)
    {
        lock (_gate)
        {
            _steps.RemoveWhere(static other => other.IsCompleted);
            _steps.Add(step);
        }

        return step;
    }

    private bool TryOrder(int slot, Action<Dispatcher, IWorker> order)
    {
        IWorker? worker;
        lock (_gate)
        {
            worker = _slots.Find(place => place.Index == slot)?.Current;
        }

        if (worker is not null)
        {
            order(_dispatcher, worker);
        }

        return worker is not null;
    }

    private int FailuresOf(WorkerSlot slot)
    {
        lock (_gate)
        {
            return slot.FailuresInRow;
        }
    }

    private void SetStarting(WorkerSlot slot, int processId)
    {
        lock (_gate)
        {
            slot.StartingProcessId = processId;
        }
    }

    private void ThrowIfNotStarted(List<WorkerSlot> added)
    {
        lock (_gate)
        {
            if (_hasGivenUp && added.Find(slot => slot.Current is null && !_options.Debugging.Includes(slot.Index)) is { } missing)
            {
                var failures = missing.FailuresInRow == 0 ? "has not started" : $"could not be started {missing.FailuresInRow} times in a row";
                throw new WorkerStartException($"Worker {WorkerName.Of(missing.Index)} {failures}; the pool has given up.", _cause);
            }
        }
    }

    private WorkerInfo Describe(int slot, IWorker worker, bool isReplacing, int restarts)
    {
        var running = worker.Running;
        return new WorkerInfo
        {
            Slot = slot,
            Name = WorkerName.Of(slot),
            ProcessId = worker.ProcessId,
            State = worker.Ended.IsCompleted ? WorkerState.Exited
                : worker.IsShuttingDown ? WorkerState.Stopping
                : running is not null ? WorkerState.Busy
                : isReplacing ? WorkerState.Stopping : WorkerState.Idle,
            CurrentCall = running is { } item ? _dispatcher.LabelOf(worker, item.Unit) : null,
            CurrentCallElapsed = running?.Elapsed,
            CallsCompleted = worker.CallsCompleted,
            Restarts = restarts,
            DebuggerAttached = DebuggerProbe.IsAttached(worker.ProcessId) == true,
            ProcessorTime = worker.ProcessorTime,
            WorkingSetBytes = worker.WorkingSetBytes,
        };
    }

    private WorkerInfo DescribeEmpty(int slot, int processId, int restarts) =>
        new()
        {
            Slot = slot,
            Name = WorkerName.Of(slot),
            ProcessId = processId,
            State = _ending.IsCancellationRequested ? WorkerState.Exited
                : _options.Debugging.Includes(slot) && processId != 0 ? WorkerState.WaitingForDebugger
                : WorkerState.Starting,
            Restarts = restarts,
        };
}
