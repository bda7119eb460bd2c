using MultiProc.Calls;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Scheduling;

/// <summary>
/// Decides which runner gets which work, and follows it until every item's end has been told exactly once. One lock guards all of it; sinks, runners and
/// the owner are called outside. Thread-safe.
/// </summary>
internal sealed partial class Dispatcher(IRunnerOwner owner, DispatcherSettings settings, TimeProvider time, HostClock clock)
{
    private readonly Lock _gate = new();
    private readonly List<Seat> _seats = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _lastId;
    private long _arrivals;
    private long _outstanding;
    private long _completed;
    private long _failed;
    private long _retried;
    private int _sequences;
    private bool _closed;

    /// <summary>Completes when the dispatcher is closed and every item has ended, and has been told so.</summary>
    public Task Drained => _drained.Task;

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Accepts a sequence, whose work may be submitted until <see cref="EndSequence"/>, even after <see cref="Close"/>.</summary>
    /// <exception cref="InvalidOperationException">The dispatcher is closed.</exception>
    public void BeginSequence()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            _sequences++;
        }
    }

    public void EndSequence() =>
        EvenIfInterrupted(this, static dispatcher =>
        {
            lock (dispatcher._gate)
            {
                dispatcher._sequences--;
                dispatcher.TellDrained();
            }
        });

    /// <summary>Accepts work.</summary>
    /// <exception cref="InvalidOperationException">The dispatcher is closed.</exception>
    public void Submit(Work work)
    {
        Exception? fault;
        var look = Look.None;
        work.SubmittedAt = settings.Metrics is null ? 0 : PoolMetrics.TimeOfSubmission(time);
        lock (_gate)
        {
            if (!work.Unit.IsSequence)
            {
                ThrowIfClosed();
            }

            fault = _fault?.Invoke();
            if (fault is not null)
            {
                AreaBlock.Release(work.Unit.Body);
                ReleasePlace(work);
            }
            else
            {
                _outstanding += work.Remaining;
                work.Arrival = ++_arrivals;
                if (work.Policy.AffinityKey is { } key)
                {
                    _affinity.Open(key);
                }

                var isFirst = _queue.IsEmpty;
                Enqueue(work);
                look = LookFor(work, isFirst);
            }
        }

        if (fault is not null)
        {
            for (var item = work.NextItem; item < work.EndItem; item++)
            {
                work.Sink.OnFailure(work, item, fault);
            }

            return;
        }

        try
        {
            if (look == Look.Now)
            {
                Pump();
            }
            else if (look == Look.Soon)
            {
                settings.Defer(LookNow);
            }
        }
        catch (ThreadInterruptedException)
        {
            // The work is accepted, and others may be sent with it: that must not depend on what happens to the caller's thread, which hears of it at its next wait.
            ThreadPool.UnsafeQueueUserWorkItem(static dispatcher => dispatcher.LookNow(), this, preferLocal: false);
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>A runner is ready for work.</summary>
    public void Attach(ICallRunner runner)
    {
        lock (_gate)
        {
            var seat = new Seat(runner, settings.MaxTasksPerRunner, settings.MaxRunnerMemoryBytes is null ? MostAhead : 1);
            _seats.Add(seat);
            foreach (var work in _pinned.Where(work => work.PinnedSlot == runner.Slot).ToArray())
            {
                _pinned.Remove(work);
                BindTo(seat, work);
            }
        }

        Pump();
    }

    /// <summary>
    /// The runner gets no more work, but for what is pinned to its slot and may never find another; <see cref="IRunnerOwner.OnRetired"/> follows once it has none.
    /// </summary>
    public void Retire(ICallRunner runner)
    {
        lock (_gate)
        {
            if (SeatOf(runner) is { } seat)
            {
                seat.IsRetiring = true;
                Unbind(seat, keepPinned: true);
            }
        }

        Pump();
    }

    /// <summary>No new work.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            TellDrained();
        }
    }

    public DispatcherCounters Counters
    {
        get
        {
            lock (_gate)
            {
                var running = _seats.Count(static seat => seat.Assigned.Count > 0 && seat.Runner.Running is not null);
                return new DispatcherCounters(_seats.Count, running, Math.Max(0, _outstanding - running), _completed, _failed, _retried);
            }
        }
    }

    /// <summary>The name of what a runner is in; null when that is not known.</summary>
    public string? LabelOf(ICallRunner runner, long unit)
    {
        lock (_gate)
        {
            return SeatOf(runner)?.Assigned.Find(unit)?.Policy.Label;
        }
    }

    /// <summary>What crosses live with a unit that a runner has; null when it has no such unit.</summary>
    public LiveExports? LiveOf(ICallRunner runner, long unit)
    {
        lock (_gate)
        {
            return SeatOf(runner)?.Assigned.Find(unit)?.Live;
        }
    }

    /// <summary>Whether a runner has that unit, and somebody waits for how it ends.</summary>
    public bool Awaits(ICallRunner runner, long unit)
    {
        lock (_gate)
        {
            return SeatOf(runner)?.Assigned.Find(unit) is { IsAbandoned: false };
        }
    }

    /// <summary>Does something that takes a lock before anything else, also when the thread is interrupted while it waits for that: it hears of it at its next wait.</summary>
    private static void EvenIfInterrupted<T>(T state, Action<T> action)
    {
        var wasInterrupted = false;
        while (true)
        {
            try
            {
                action(state);
                break;
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        }

        if (wasInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new InvalidOperationException("The pool is closed: it takes no new calls. Start another pool, or submit before Close.");
        }
    }

    private Seat? SeatOf(ICallRunner runner) => _seats.Find(seat => seat.Runner == runner);

    /// <summary>All of the work's remaining items have ended this way.</summary>
    private void Finish(Work work, int failed)
    {
        if (_fault is null)
        {
            // No worker reads it any more. (A pool that ends does not wait until that is so.)
            AreaBlock.Release(work.Unit.Body);
        }

        _failed += failed;
        _outstanding -= failed;
        work.NextItem = work.EndItem;
        work.Stage = WorkStage.Ended;
        _alone -= work.MustRunAlone ? 1 : 0;
        if (work.Policy.AffinityKey is { } key)
        {
            _affinity.Close(key);
        }

        Unlink(work);
        ReleasePlace(work);
        TellDrained();
    }

    private void TellDrained()
    {
        if (_closed && _outstanding == 0 && _untold == 0 && _sequences == 0)
        {
            _drained.TrySetResult();
        }
    }

    private static void Unlink(Work work)
    {
        work.TokenLinks?.Dispose();
        work.TokenLinks = null;
        work.LimitWatch?.Dispose();
        work.LimitWatch = null;
        work.SlowWatch?.Dispose();
        work.SlowWatch = null;
    }
}
