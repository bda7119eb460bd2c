namespace MultiProc.Scheduling;

/// <summary>
/// The work that waits: in the common queue, for the runner that owns its key, or for the next runner of its slot. Guarded by the
/// dispatcher's lock.
/// </summary>
/// <param name="states">The runners.</param>
internal sealed class PendingWork(IReadOnlyList<RunnerState> states)
{
    private readonly WorkQueue _queue = new();
    private readonly AffinityTable _affinity = new();
    private readonly List<Work> _pinned = [];

    private int _slots = int.MaxValue;

    /// <summary>Whether no work waits that any runner may take.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>The number of items that wait for any runner. A hint if read without the lock.</summary>
    public long Items => _queue.Items;

    /// <summary>Sets the number of slots; see <see cref="TakeOrphanedPinnedWork"/>.</summary>
    public void SetSlots(int count) => _slots = count;

    /// <summary>Adds new work.</summary>
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

    /// <summary>Adds work that waits for any runner that may run it.</summary>
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
            // The next runner of the slot takes it.
            work.Stage = WorkStage.Queued;
            _pinned.Add(work);
        }
    }

    /// <summary>Adds work that came back from a runner. If other work waits with its key, it waits in front of that, because it came first.</summary>
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

    /// <summary>The next work for a runner; null: none.</summary>
    public Work? PeekFor(RunnerState state)
    {
        var (bound, any) = (state.Bound.Peek(), state.IsRetiring ? null : _queue.Peek());
        return bound is null || any?.GoesBefore(bound) == true ? any : bound;
    }

    /// <summary>Any work that waits; null: none.</summary>
    public Work? PeekAny() =>
        _queue.Peek() ?? states.Select(static state => state.Bound.Peek()).FirstOrDefault(static work => work is not null) ?? _pinned.FirstOrDefault();

    /// <summary>If the key of the first work in the queue belongs to a runner, moves that work to the runner's own queue, out of the way of others.</summary>
    /// <returns>That runner; null: any runner may take the first work.</returns>
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

    /// <summary>Binds the key of the work to the runner, unless it is bound to another one.</summary>
    public void BindKey(Work work, RunnerState state)
    {
        if (work.Policy.AffinityKey is { } key)
        {
            _affinity.Bind(key, state);
        }
    }

    /// <summary>A runner has been added: it gets the work that is pinned to its slot.</summary>
    public void Attach(RunnerState state)
    {
        foreach (var work in _pinned.Where(work => work.PinnedSlot == state.Runner.Slot).ToArray())
        {
            _pinned.Remove(work);
            Bind(state, work);
        }
    }

    /// <summary>The runner takes no more work: its keys, and the work that waits for it, are free for other runners.</summary>
    /// <param name="state">The runner.</param>
    /// <param name="keepsPinned">Whether it still takes work that is pinned to its slot.</param>
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

    /// <summary>Takes the work that is pinned to a removed slot, and would wait for ever.</summary>
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
