using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// The scheduler of a pool: it assigns work to runners, and follows each item until its completion was delivered, exactly once.
/// Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// callers   Submit, Abandon ┐
/// readers   OnRecords, Lost ├─▶ Enter: one thread at a time ─▶ Leave: assign work, release the lock, act
/// timer     what is due     ┘        │
///      ┌──────────────┬──────────────┼───────────────┬──────────────┬───────────────┐
/// PendingWork     RunnerState[]    Placement       TimeLimits     Rebalancing      Outcomes
/// queue, keys,    a runner's       who gets what   limits, grace, recall,          results, losses,
/// pins            work             (Batching:      one timer      share out again  retries, counts
///                                  and when)
///      └──────────────┴──────────────┬┴──────────────┴──────────────┴───────────────┘
///            Orders: in order, for each runner         afterwards, without the lock
///            Send · Cancel · Recall · Kill            completions · owner · metrics · log
/// </code>
/// <para>The objects in the middle hold no lock and call nobody. The consequences of a change are carried out after the lock is released.</para>
/// </remarks>
internal sealed class Dispatcher
{
    private readonly IRunnerOwner _owner;
    private readonly DispatcherSettings _settings;
    private readonly IWorkObserver? _observer;
    private readonly TimeProvider _time;
    private readonly Loop _loop;
    private readonly List<RunnerState> _states = [];
    private readonly PendingWork _pending;
    private readonly Placement _placement;
    private readonly Batching _batching;
    private readonly TimeLimits _limits;
    private readonly Rebalancing _rebalancing;
    private readonly Outcomes _outcomes;
    private readonly Sending _sending;
    private readonly Action<RunnerState, Work, bool> _onAssigned;
    private readonly Action<int> _onCompleted;
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;
    private long _arrivals;

    public Dispatcher(IRunnerOwner owner, DispatcherSettings settings, TimeProvider time, HostClock clock)
    {
        _owner = owner;
        _settings = settings;
        _observer = settings.Observer;
        _time = time;
        _pending = new PendingWork(_states);
        _placement = new Placement(_states, _pending, settings, time, NextId);
        _batching = new Batching(_states, _pending, _placement, settings);
        var deadlines = new Deadlines(time, clock);
        _loop = new Loop(time, settings.Defer)
        {
            Advance = DispatchPending,
            Deadlines = deadlines,
            TakeCompletions = () => _outcomes!.TakeCompletions(),
            ReadFaults = ReadFaults,
            Complete = Complete,
            Break = Break,
        };
        _limits = new TimeLimits(deadlines, settings, time, clock, Terminate, _loop);
        _rebalancing = new Rebalancing(_states, _placement, deadlines);
        _outcomes = new Outcomes(_pending, _limits, settings, NextId);
        _sending = new Sending(_loop, _limits, _observer);
        _onAssigned = OnAssigned;
        _onCompleted = count => OnCompleted(count, null);
    }

    /// <summary>Completes when the dispatcher is closed, every item has ended, and every completion was delivered.</summary>
    public Task Drained => _outcomes.Drained;

    /// <summary>Completes when no work will run any more; see <see cref="FaultCause"/>.</summary>
    public Task Faulted => _faulted.Task;

    /// <summary>The failure of all work from now on; null: none.</summary>
    public Exception? FaultCause
    {
        get
        {
            using (_loop.EnterForReading())
            {
                return _outcomes.FaultCause?.Invoke();
            }
        }
    }

    public DispatcherCounters Counters
    {
        get
        {
            using (_loop.EnterForReading())
            {
                var running = _states.Count(static state => state.Assigned.Count > 0 && state.Runner.Running is not null);
                return new DispatcherCounters(
                    _states.Count, running, Math.Max(0, _outcomes.Outstanding - running), _outcomes.Completed, _outcomes.Failed, _outcomes.Retried);
            }
        }
    }

    private bool IsTimingRuns => _observer is { TimesRuns: true };

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Accepts a sequence, whose work may be submitted until <see cref="EndSequence"/>, even after <see cref="Close"/>.</summary>
    /// <exception cref="InvalidOperationException">The dispatcher is closed.</exception>
    public void BeginSequence()
    {
        using (_loop.EnterForReading())
        {
            ThrowIfClosed();
            _outcomes.BeginSequence();
        }
    }

    public void EndSequence()
    {
        using var turn = _loop.Enter();
        _outcomes.EndSequence();
    }

    /// <summary>Accepts work.</summary>
    /// <exception cref="InvalidOperationException">The dispatcher is closed.</exception>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted before the work was accepted. A later interrupt takes effect at its next wait.</exception>
    public void Submit(Work work)
    {
        work.SubmittedAt = _observer is { TimesWaits: true } ? _time.GetTimestamp() : 0;
        using var turn = _loop.Enter(isInterruptible: true);
        if (!work.Unit.IsSequence)
        {
            ThrowIfClosed();
        }

        var isFirst = _pending.IsEmpty;
        work.Arrival = ++_arrivals;
        _outcomes.Accept(work.Remaining);
        _pending.Accept(work);
        if (_outcomes.FaultCause is { } fault)
        {
            _pending.Remove(work);
            SharedBuffer.Release(work.Unit.Body);
            _outcomes.EndRest(work, fault());
            return;
        }

        var look = _batching.Decide(work, isFirst, _arrivals);
        if (look != DispatchDecision.Now)
        {
            _loop.DoNotAdvance();
        }

        if (look == DispatchDecision.Deferred)
        {
            _loop.Afterwards(() => _settings.Defer(() => _loop.Run(() => _batching.EndDeferral(_arrivals))));
        }
    }

    /// <summary>Accepts a call as part of the unit that waits before it.</summary>
    /// <param name="call">Gets the completion.</param>
    /// <param name="policy">A call with a time limit or a key cannot join.</param>
    /// <param name="code">The code of a function that captures nothing.</param>
    /// <param name="arguments">The encoded arguments, without live objects.</param>
    /// <returns>False: there is no such unit, and the call must be submitted.</returns>
    public bool TryJoin(ICompletionSink call, CallPolicy policy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments)
    {
        if (!_batching.MayJoin)
        {
            return false;
        }

        using (_loop.EnterForReading())
        {
            if (_outcomes.IsClosed || _outcomes.FaultCause is not null || !_pending.TryJoin(call, policy, code, arguments))
            {
                return false;
            }

            _outcomes.Accept(1);
            _arrivals++;
            return true;
        }
    }

    /// <summary>The caller no longer waits for the work. It is removed if it waits, and stopped if it runs.</summary>
    public void Abandon(Work work)
    {
        using var turn = _loop.Enter();
        for (var part = work; part is not null; part = part.SplitOff)
        {
            if (part.Stage is WorkStage.Ended or WorkStage.New || part.IsAbandoned)
            {
                continue;
            }

            part.IsAbandoned = true;
            if (part.Stage == WorkStage.Queued)
            {
                _pending.Remove(part);
                _outcomes.Finish(part);
            }
            else
            {
                _limits.Stop(part.RunnerState!, part);
            }
        }
    }

    /// <summary>Adds a runner that is ready for work.</summary>
    public void Attach(ICallRunner runner)
    {
        using var turn = _loop.Enter();
        var state = new RunnerState(runner, _loop.NewOrders(), _settings.MaxTasksPerRunner, _settings.MaxRunnerMemoryBytes is null ? Placement.MaxPrefetch : 1);
        state.SendOrder = () => _sending.Send(state);
        _states.Add(state);
        _pending.Attach(state);
    }

    /// <summary>
    /// The runner gets no more work, except work that is pinned to its slot and may find no other. <see cref="IRunnerOwner.OnRetired"/> follows
    /// once it has none.
    /// </summary>
    public void Retire(ICallRunner runner)
    {
        using var turn = _loop.Enter();
        if (StateOf(runner) is { } state)
        {
            state.IsRetiring = true;
            _pending.Unbind(state, keepsPinned: true);
        }
    }

    /// <summary>Replaces the runner after its current work.</summary>
    public void Recycle(ICallRunner runner)
    {
        using var turn = _loop.Enter();
        if (StateOf(runner) is { IsRetiring: false } state)
        {
            Announce(state);
        }
    }

    /// <summary>Sets the number of slots. Work that is pinned to a removed slot ends with the next <see cref="Review"/>, unless its runner still exists.</summary>
    public void SetSlots(int count)
    {
        using (_loop.EnterForReading())
        {
            _pending.SetSlots(count);
        }
    }

    /// <summary>Dispatches waiting work again.</summary>
    public void Review()
    {
        using var turn = _loop.Enter();
    }

    /// <summary>Accepts no new work.</summary>
    public void Close()
    {
        using (_loop.EnterForReading())
        {
            _outcomes.Close();
        }
    }

    /// <summary>Fails everything that waits, now and later, with this cause.</summary>
    public void Fault(Func<Exception> cause)
    {
        using (_loop.Enter())
        {
            _outcomes.EndWaiting(cause);
        }

        _faulted.TrySetResult();
    }

    /// <summary>Fails everything that has not ended, and forgets what runs. For termination, after <see cref="Close"/>.</summary>
    public void FailAll(Func<Exception> cause)
    {
        using (_loop.Enter())
        {
            _outcomes.EndWaiting(cause);
            _states.ForEach(state => _outcomes.EndAssigned(state, cause));
        }

        _faulted.TrySetResult();
    }

    /// <summary>Items of a runner have ended. A record may come twice (through the pipe and from the journal of a dead worker); an item ends once.</summary>
    public void OnRecords(ICallRunner runner, IEnumerable<ResultRecord> records)
    {
        var isTooLarge = _settings.MaxRunnerMemoryBytes is { } limit && runner.WorkingSetBytes > limit && !runner.IsDebugged;
        using var turn = _loop.Enter();
        if (StateOf(runner) is not { } state)
        {
            return;
        }

        List<Work> ended = [];
        var (head, items) = (state.Head, 0);
        string? misbehaviour = null;
        try
        {
            foreach (var record in records)
            {
                if (state.Assigned.Find(record.Id) is not { } work)
                {
                    if (record.Id != WorkUnit.WarmupId && (record.Id <= WorkUnit.NoId || record.Id > Volatile.Read(ref _lastId)))
                    {
                        misbehaviour ??= $"it sent a result of unit {record.Id}, and the pool has none of that number";
                    }

                    // The unit has ended already, or is with another worker now.
                    continue;
                }

                if (record.Kind == RecordKind.Took)
                {
                    work.ItemMilliseconds = record.ItemMilliseconds;
                    continue;
                }

                misbehaviour ??= _outcomes.Apply(state, work, record);
                if (work.Stage == WorkStage.Ended)
                {
                    ended.Add(work);
                    items += work.Unit.Count;
                }
            }
        }
        catch (InvalidDataException exception)
        {
            // Earlier records count. Later ones cannot be read. The loss of the runner will be reported.
            misbehaviour ??= $"it sent results that make no sense: {exception.Message}";
        }

        if (misbehaviour is not null && state.Order is null)
        {
            Terminate(state, new StopOrder(StopCause.Misbehaviour, misbehaviour));
        }

        if (isTooLarge && !state.IsRetiring)
        {
            Announce(state);
        }

        NoteEnded(state, head, ended, items);
    }

    /// <summary>A runner is gone: it gets no more work while its last records are read. <see cref="OnLost"/> follows.</summary>
    public void OnGone(ICallRunner runner)
    {
        using var turn = _loop.Enter();
        if (StateOf(runner) is { } state)
        {
            state.IsRetiring = state.IsLost = true;
            _pending.Unbind(state);
        }
    }

    /// <summary>
    /// A runner is gone, and all its records have been applied. Items that it had begun fail, or are tried again if their caller allowed
    /// that. The rest of its work is requeued in its old place.
    /// </summary>
    /// <returns>Whether the runner was of any use: it had ended an item, or was lost while it ran one.</returns>
    public bool OnLost(ICallRunner runner, RunnerExit exit, LastStatus status)
    {
        using var turn = _loop.Enter();
        if (StateOf(runner) is not { } state)
        {
            return false;
        }

        _states.Remove(state);
        _pending.Unbind(state);
        var sent = state.Sent;
        state.Outgoing.Clear();
        var begun = BegunItems.Find(state.Assigned, sent, state.LastEnded, status);
        var busy = _time.GetElapsedTime(state.HeadSince);
        List<LostWork> lost = [];
        for (var i = state.Assigned.Count - 1; i >= 0; i--)
        {
            var work = state.Assigned[i];
            var end = begun.EndIn(i, work);
            if (i < sent && work.MustRunAlone)
            {
                // The work was there alone, so this attempt counts whatever the runner said.
                end = Math.Max(end, work.NextItem + 1);
            }

            if (work.ExpiredItem >= 0)
            {
                // The item counted as running when its limit was over.
                end = Math.Max(end, work.ExpiredItem + 1);
            }

            TimeSpan? elapsed = status.Running is { } running && running.Unit == work.Id && running.Item == work.NextItem ? running.Elapsed : null;
            if (end > work.NextItem)
            {
                var outcome = work.IsAbandoned ? RunOutcome.Cancelled : work.ExpiredItem == work.NextItem ? RunOutcome.TimedOut : RunOutcome.Lost;
                lost.Add(new LostWork(work.Policy.Label, work.Unit, outcome, elapsed ?? busy));
            }

            _outcomes.Lose(work, end, i < sent, exit, elapsed);
        }

        if (_observer is not null && lost.Count > 0)
        {
            _loop.Observe(() => _observer.OnLost(runner.Slot, lost, status.Running is { Elapsed: var reported } && reported != default ? reported : busy));
        }

        return state.ItemsEnded > 0 || lost.Count > 0;
    }

    /// <summary>The label of the call that a runner runs; null: unknown.</summary>
    public string? LabelOf(ICallRunner runner, long unit)
    {
        using (_loop.EnterForReading())
        {
            return StateOf(runner)?.Assigned.Find(unit)?.Policy.Label;
        }
    }

    /// <summary>The live objects of a unit that a runner has; null: it has no such unit.</summary>
    public LiveExports? LiveOf(ICallRunner runner, long unit)
    {
        using (_loop.EnterForReading())
        {
            return StateOf(runner)?.Assigned.Find(unit)?.Live;
        }
    }

    /// <summary>Whether a runner has the unit, and its caller still waits.</summary>
    public bool Awaits(ICallRunner runner, long unit)
    {
        using (_loop.EnterForReading())
        {
            return StateOf(runner)?.Assigned.Find(unit) is { IsAbandoned: false };
        }
    }

    /// <inheritdoc cref="Loop.Guard"/>
    public void Guard(Action action) => _loop.Guard(action);

    private void Break(Exception cause)
    {
        try
        {
            FailAll(() => new ProcessPoolException($"The pool has failed, and ends all calls: {cause.GetType().Name} on one of its own threads: {cause.Message}", cause));
            _observer?.OnBroken(cause);
        }
        catch (Exception)
        {
            // The failure cannot even be reported, for instance without memory. The application goes on.
        }
    }

    private void ThrowIfClosed()
    {
        if (_outcomes.IsClosed)
        {
            throw new InvalidOperationException("The pool is closed: it takes no new calls. Start another pool, or submit before Close.");
        }
    }

    private RunnerState? StateOf(ICallRunner runner) => _states.Find(state => state.Runner == runner);

    private void OnAssigned(RunnerState state, Work work, bool isLast)
    {
        _outcomes.ReleaseQueuePermit(work);
        if (state.Outgoing.Count == 1)
        {
            state.Orders.Enqueue(state.SendOrder!);
        }

        if (isLast)
        {
            Announce(state);
        }
    }

    /// <summary>The runner retires. Its owner is notified of that first, and of the end of its work later.</summary>
    private void Announce(RunnerState state)
    {
        state.IsRetiring = state.IsAnnouncing = true;
        _pending.Unbind(state);
        _loop.Afterwards(() =>
        {
            _owner.OnRetiring(state.Runner);
            _loop.Run(() => state.IsAnnouncing = false);
        });
    }

    /// <summary>Terminates a runner. It may still end its current item, but nothing else may begin there only to be killed with it.</summary>
    private void Terminate(RunnerState state, StopOrder order)
    {
        state.Order = order;
        state.IsRetiring = true;
        _pending.Unbind(state);
        foreach (var work in state.Assigned)
        {
            work.IsRecalled = true;
        }

        long[] units = [.. state.Assigned.Select(static work => work.Id)];
        state.Orders.Enqueue(() =>
        {
            state.Runner.Recall(units);
            state.Runner.Kill(order);
        });
    }

    /// <summary>Records how long the runner was busy with the ended work.</summary>
    private void NoteEnded(RunnerState state, (Work? Work, int Item) head, List<Work> ended, int items)
    {
        var now = _time.GetTimestamp();
        if (state.Head != head)
        {
            // Only a real end moves the bound. A runner that repeats a record does not.
            state.HeadSince = now;
        }

        if (ended.Count == 0)
        {
            return;
        }

        var elapsed = _time.GetElapsedTime(state.BusySince, now);
        if (state.Measure(ended.Count, items, elapsed) is { } ran)
        {
            // Units of more than one item have reported their own time.
            foreach (var work in ended)
            {
                work.ItemMilliseconds = double.IsNaN(work.ItemMilliseconds) ? ran.TotalMilliseconds / items : work.ItemMilliseconds;
            }
        }

        state.BusySince = now;
        _batching.Review(state);
        if (_observer is not null)
        {
            _loop.Observe(() => _observer.OnEnded(state.Runner.Slot, ended, elapsed));
        }
    }

    /// <summary>Assigns waiting work to runners that have room.</summary>
    private void DispatchPending()
    {
        foreach (var work in _pending.TakeOrphanedPinnedWork())
        {
            _outcomes.EndRest(work, new SlotRemovedException());
        }

        _placement.AssignAll(_onAssigned);
        for (var i = _states.Count - 1; i >= 0; i--)
        {
            if (_states[i] is { IsRetiring: true, IsAnnouncing: false, IsLost: false, Assigned.Count: 0, Bound.IsEmpty: true } state)
            {
                _states.RemoveAt(i);
                _loop.Afterwards(() => _owner.OnRetired(state.Runner));
            }
        }

        _rebalancing.Watch();
    }

    // Exceptions of functions are types of the application.
    private void ReadFaults(List<Completion> completions)
    {
        for (var i = 0; i < completions.Count; i++)
        {
            if (completions[i].IsUnread)
            {
                var read = completions[i] = completions[i].Read();
                if (IsTimingRuns)
                {
                    read.Work.NoteFailure(RunOutcome.Of(read.Error!));
                }
            }
        }
    }

    private void Complete(List<Completion> completions)
    {
        var delivered = 0;
        using (_observer?.EnterCallback())
        {
            foreach (var completion in completions)
            {
                delivered += completion.Deliver(_onCompleted, _observer) ? 1 : 0;
            }
        }

        OnCompleted(delivered, completions);
    }

    private void OnCompleted(int count, List<Completion>? completions)
    {
        using var turn = _loop.Enter(advances: false);
        _outcomes.OnCompleted(count, completions);
    }
}
