using MultiProc.Diagnostics;
using MultiProc.Insights;
using MultiProc.Protocol.Calls;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>How many workers should live: starts them, replaces the lost and the retired, and ends them all. Thread-safe.</summary>
internal sealed partial class WorkerSupervisor : IWorkforce, IRunnerOwner
{
    // As deep as loky allows: nobody nests so deep on purpose.
    private const int MaxDepth = 10;

    private readonly ProcessPoolOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly StartWorker _start;
    private readonly PoolLog _log;
    private readonly TimeProvider _time;
    private readonly HostClock _clock;
    private readonly PoolMetrics _metrics;
    private readonly InsightsLedger? _insights;
    private readonly Lock _gate = new();
    private readonly List<WorkerSlot> _slots = [];
    private readonly HashSet<IWorker> _alive = [];
    private readonly Queue<IWorker> _standby = new();
    private readonly Queue<long> _losses = new();
    private readonly HashSet<Task> _starts = [];
    private readonly CancellationTokenSource _ending = new();

    private Exception? _cause;
    private int _restarted;
    private int _recycled;

    /// <param name="options">What the pool was started with.</param>
    /// <param name="settings">Those of the dispatcher.</param>
    /// <param name="log">Told what happens to workers.</param>
    /// <param name="metrics">Counts what happens to workers.</param>
    /// <param name="time">For limits, delays and the restart window.</param>
    /// <param name="starter">Makes what starts the workers of this dispatcher.</param>
    public WorkerSupervisor(
        ProcessPoolOptions options, DispatcherSettings settings, PoolLog log, PoolMetrics metrics, TimeProvider time, Func<Dispatcher, HostClock, StartWorker> starter)
    {
        _options = options;
        _log = log;
        _metrics = metrics;
        _insights = settings.Insights;
        _time = time;
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

    /// <summary>Starts all workers at once; when one cannot be started, ends the others and fails with its cause.</summary>
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

        // Whoever waits for a debugger is waited for by nobody: the others work on.
        var slots = AddSlots(_options.Processes).ToLookup(slot => _options.Debugging.Includes(slot.Index));
        StartReplacing(slots[true]);
        if (OperatingSystem.IsLinux())
        {
            lock (_gate)
            {
                _starts.Add(WatchDebuggersAsync());
            }
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
            await Task.WhenAll(starts).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default).ConfigureAwait(false);
            await EndNowAsync().ConfigureAwait(false);
            throw;
        }
    }

    void IRunnerOwner.OnRetiring(ICallRunner runner)
    {
        lock (_gate)
        {
            if (_slots.Find(slot => slot.Current == runner) is { IsReplacing: false } slot && !_ending.IsCancellationRequested)
            {
                _recycled++;
                _metrics.NoteRestart("recycled");
                _log.WorkerRecycled(slot.Index, ((IWorker)runner).ProcessId);
                Replace(slot);
            }
        }
    }

    void IRunnerOwner.OnRetired(ICallRunner runner) => _ = ((IWorker)runner).LeaveAsync(_options.CancellationGracePeriod, _clock);

    /// <summary>Lets every worker finish its call and leave.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Alive().Select(runner => runner.LeaveAsync(_options.CancellationGracePeriod, _clock))).ConfigureAwait(false);
        await AllEndedAsync().ConfigureAwait(false);
    }

    /// <summary>Ends every worker at once.</summary>
    public async Task EndNowAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var runner in Alive())
        {
            runner.KillNow();
        }

        await AllEndedAsync().ConfigureAwait(false);
    }

    public async Task ResizeAsync(int count, CancellationToken cancellationToken)
    {
        List<WorkerSlot> removed;
        lock (_gate)
        {
            removed = [.. _slots.Skip(count)];
            _slots.RemoveRange(Math.Min(count, _slots.Count), removed.Count);
            _dispatcher.SetSlots(_slots.Count);
        }

        // The dispatcher lets them go when they have ended what they have; their queues go to the others.
        var leaving = removed.Select(static slot => slot.Current).OfType<IWorker>().ToList();
        foreach (var runner in leaving)
        {
            _dispatcher.Retire(runner);
        }

        _dispatcher.Review();
        List<Task> changes = [.. leaving.Select(static runner => runner.Ended)];
        var added = AddSlots(Math.Max(0, count - Count));
        changes.AddRange(StartReplacing(added).Where(start => !_options.Debugging.Includes(start.Slot)).Select(static start => start.Start));
        await Task.WhenAll(changes).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (added.Find(static slot => slot.FailuresInRow >= RestartDelay.MaxFailuresInRow) is { } failed)
        {
            throw new WorkerStartException(
                $"Worker {WorkerSlot.NameOf(failed.Index)} could not be started {failed.FailuresInRow} times in a row; the pool has given up.", _cause);
        }
    }

    /// <summary>Brings workers to life in these slots, and tries again where that fails.</summary>
    private List<(int Slot, Task Start)> StartReplacing(IEnumerable<WorkerSlot> slots)
    {
        lock (_gate)
        {
            List<(int Slot, Task Start)> starts = [];
            foreach (var slot in slots)
            {
                slot.IsReplacing = true;
                var start = OrGiveUpAsync(slot, Task.Run(() => ReplaceAsync(slot), CancellationToken.None));
                _starts.Add(start);
                starts.Add((slot.Index, start));
            }

            return starts;
        }
    }

    private List<WorkerSlot> AddSlots(int count)
    {
        lock (_gate)
        {
            var added = Enumerable.Range(_slots.Count, count).Select(static index => new WorkerSlot(index)).ToList();
            _slots.AddRange(added);
            _dispatcher.SetSlots(_slots.Count);
            return added;
        }
    }

    private IWorker[] Alive()
    {
        lock (_gate)
        {
            return [.. _alive];
        }
    }

    // A start that was under way when the pool began to end may still bring a worker to life, so look until there is none.
    private async Task AllEndedAsync()
    {
        while (true)
        {
            Task[] open;
            lock (_gate)
            {
                open = [.. _starts, .. _alive.Select(static runner => runner.Ended)];
            }

            if (open.Length == 0)
            {
                _clock.Dispose();
                return;
            }

            await Task.WhenAll(open).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default).ConfigureAwait(false);
            lock (_gate)
            {
                _alive.RemoveWhere(static runner => runner.Ended.IsCompleted);
                _starts.RemoveWhere(static start => start.IsCompleted);
            }
        }
    }

    /// <summary>Brings a worker to life in a slot, once.</summary>
    private async Task FillAsync(WorkerSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            var runner = await _start(slot.Index, id => slot.StartingProcessId = id, cancellationToken).ConfigureAwait(false);
            _log.WorkerReady(slot.Index, runner.ProcessId);
            bool isWanted;
            lock (_gate)
            {
                _alive.Add(runner);
                slot.IsReplacing = false;
                isWanted = _slots.Contains(slot) && !_ending.IsCancellationRequested;
                slot.Current = isWanted ? runner : null;
            }

            if (isWanted)
            {
                Attach(slot, runner);
            }
            else
            {
                // The pool ended, or became smaller, while it was starting.
                runner.KillNow();
            }
        }
        finally
        {
            slot.StartingProcessId = 0;
        }
    }

    private void Attach(WorkerSlot slot, IWorker runner)
    {
        _insights?.NoteReady(slot.Index, runner.Starting, runner.Initializing);
        _dispatcher.Attach(runner);
        bool isWanted;
        lock (_gate)
        {
            isWanted = _slots.Contains(slot);
        }

        if (!isWanted)
        {
            // The pool became smaller just now, and told the dispatcher to retire a runner that it did not know yet.
            _dispatcher.Retire(runner);
        }

        _ = OrGiveUpAsync(slot, FollowAsync(slot, runner));
    }
}
