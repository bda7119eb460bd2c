namespace MultiProc.Scheduling;

/// <summary>A queue of work by priority, then by arrival. Adding new work and removing work take constant time. Guarded by the dispatcher's lock.</summary>
internal sealed class WorkQueue
{
    // Few priorities are in use at once; most pools have one.
    private readonly List<Lane> _lanes = [];

    /// <summary>The number of items that wait.</summary>
    public long Items { get; private set; }

    public bool IsEmpty => Items == 0;

    /// <summary>Adds work at its place in the order of arrival: new work at the end, requeued work near the front.</summary>
    public void Add(Work work)
    {
        var lane = LaneOf(work.Policy.Priority);
        var next = lane.Last is null || lane.Last.CameBefore(work) ? null : lane.First;
        while (next is not null && next.CameBefore(work))
        {
            next = next.Next;
        }

        var previous = next is null ? lane.Last : next.Previous;
        (work.Previous, work.Next) = (previous, next);
        if (previous is null)
        {
            lane.First = work;
        }
        else
        {
            previous.Next = work;
        }

        if (next is null)
        {
            lane.Last = work;
        }
        else
        {
            next.Previous = work;
        }

        work.Stage = WorkStage.Queued;
        Items += work.Remaining;
    }

    /// <summary>The first work of the highest priority; null when empty.</summary>
    public Work? Peek()
    {
        foreach (var lane in _lanes)
        {
            if (lane.First is not null)
            {
                return lane.First;
            }
        }

        return null;
    }

    /// <summary>Makes a call part of the unit that waits before it.</summary>
    /// <returns>False: that unit cannot take it.</returns>
    public bool TryJoin(ICompletionSink call, CallPolicy policy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments)
    {
        if (LaneOf(policy.Priority).Last is not { } last || !last.TryJoin(call, policy, code, arguments))
        {
            return false;
        }

        Items++;
        return true;
    }

    public void Remove(Work work)
    {
        var lane = LaneOf(work.Policy.Priority);
        if (work.Previous is null)
        {
            lane.First = work.Next;
        }
        else
        {
            work.Previous.Next = work.Next;
        }

        if (work.Next is null)
        {
            lane.Last = work.Previous;
        }
        else
        {
            work.Next.Previous = work.Previous;
        }

        work.Previous = work.Next = null;
        Items -= work.Remaining;
    }

    private Lane LaneOf(int priority)
    {
        var i = 0;
        while (i < _lanes.Count && _lanes[i].Priority > priority)
        {
            i++;
        }

        if (i == _lanes.Count || _lanes[i].Priority != priority)
        {
            _lanes.Insert(i, new Lane(priority));
        }

        return _lanes[i];
    }

    private sealed class Lane(int priority)
    {
        public int Priority => priority;

        public Work? First { get; set; }

        public Work? Last { get; set; }
    }
}
