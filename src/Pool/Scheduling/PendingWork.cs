namespace MultiProc.Scheduling;

/// <summary>Where work waits: in the common queue, for the runner that has its key, or for the next runner of its slot. Guarded by the dispatcher's lock.</summary>
/// <param name="states">The runners.</param>
internal sealed class PendingWork(IReadOnlyList<RunnerState> states)
{
    private readonly WorkQueue _queue = new();
    private readonly AffinityTable _affinity = new();
    private readonly List<Work> _pinned = [];

    private int _slots = int.MaxValue;

    /// <summary>Whether nothing waits that any runner may take.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Items that wait for any runner. Readable without the lock, as a hint.</summary>
    public long Items => _queue.Items;

    /// <summary>There are this many slots from now on: see <see cref="TakeOrphanedPinnedWork"/>.</summary>
    public void SetSlots(int count) => _slots = count;

    /// <summary>New work waits.</summary>
    public void Accept(Work work)
    {
        if (work.Policy.AffinityKey is { } key)
        {
            _affinity.Open(key);
        }

        Add(work);
    }

    /// <summary>All items of the work have ended.</summary>
    public void Close(Work work)
    {
        if (work.Policy.AffinityKey is { } key)
        {
            _affinity.Close(key);
        }
    }

    /// <inheritdoc cref="WorkQueue.TryJoin"/>
    public bool TryJoin(ICompletionSink call, CallPolicy policy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments) => _queue.TryJoin(call, policy, code, arguments);

    /// <summary>The work waits, for any runner of those that may have it.</summary>
    public void Add(Work work)
    {
        work.RunnerState = null;
        if (work.PinnedSlot is not { } slot)
        {
            _queue.Add(work);
        }
        else if (states.FirstOrDefault(state => state.Runner.Slot == slot && !state.IsRetiring) is { } pinned)
        {
            Bind(pinned, work);
        }
        else
        {
            // The slot's next runner will take it.
            work.Stage = WorkStage.Queued;
            _pinned.Add(work);
        }
    }

    /// <summary>The work came back from a runner. What others with its key wait for, it waits for too, and in front of them: it came before.</summary>
    public void AddAgain(Work work)
    {
        if (work is { PinnedSlot: null, Policy.AffinityKey: { } key } && _affinity.Find(key) is { } state)
        {
            Bind(state, work);
        }
        else
        {
            Add(work);
        }
    }

    public void Remove(Work work)
    {
        if (!_pinned.Remove(work))
        {
            (work.RunnerState?.Bound ?? _queue).Remove(work);
        }
    }

    /// <summary>The next work for a runner; null: none waits that it may have.</summary>
    public Work? PeekFor(RunnerState state)
    {
        var (bound, any) = (state.Bound.Peek(), state.IsRetiring ? null : _queue.Peek());
        return bound is null || any?.GoesBefore(bound) == true ? any : bound;
    }

    /// <summary>Work that waits, wherever; null: none does.</summary>
    public Work? PeekAny() =>
        _queue.Peek() ?? states.Select(static state => state.Bound.Peek()).FirstOrDefault(static work => work is not null) ?? _pinned.FirstOrDefault();

    /// <summary>If the first work in the queue has a key that belongs to a runner, it waits for that one from now on, out of the others' way.</summary>
    /// <returns>That runner; null: the first work is for any.</returns>
    public RunnerState? ResolveFirstKey()
    {
        if (_queue.Peek() is { Policy.AffinityKey: { } key } work && _affinity.Find(key) is { } state)
        {
            _queue.Remove(work);
            Bind(state, work);
            return state;
        }

        return null;
    }

    /// <summary>The key of the work belongs to the runner, unless it belongs to another one.</summary>
    public void BindKey(Work work, RunnerState state)
    {
        if (work.Policy.AffinityKey is { } key)
        {
            _affinity.Bind(key, state);
        }
    }

    /// <summary>A runner has come: it gets what is pinned to its slot.</summary>
    public void Attach(RunnerState state)
    {
        foreach (var work in _pinned.Where(work => work.PinnedSlot == state.Runner.Slot).ToArray())
        {
            _pinned.Remove(work);
            Bind(state, work);
        }
    }

    /// <summary>The runner takes no more: its keys are free for another, and so is the work that waits for it.</summary>
    /// <param name="state">The runner.</param>
    /// <param name="keepsPinned">Whether it still takes what is pinned to its slot.</param>
    public void Unbind(RunnerState state, bool keepsPinned = false)
    {
        _affinity.Release(state);
        var waiting = new Stack<Work>();
        while (state.Bound.Peek() is { } work)
        {
            state.Bound.Remove(work);
            waiting.Push(work);
        }

        while (waiting.TryPop(out var work))
        {
            if (keepsPinned && work.PinnedSlot is not null)
            {
                Bind(state, work);
            }
            else
            {
                Add(work);
            }
        }
    }

    /// <summary>What is pinned to a slot that was removed, and would wait for ever.</summary>
    public IReadOnlyList<Work> TakeOrphanedPinnedWork()
    {
        if (_pinned.Count == 0)
        {
            return [];
        }

        Work[] homeless = [.. _pinned.Where(work => work.PinnedSlot >= _slots)];
        _pinned.RemoveAll(homeless.Contains);
        return homeless;
    }

    private static void Bind(RunnerState state, Work work)
    {
        work.RunnerState = state;
        state.Bound.Add(work);
    }
}
