namespace MultiProc.Scheduling;

/// <summary>Where work waits: in the common queue, for the runner that has its key, or for the next runner of its slot.</summary>
internal sealed partial class Dispatcher
{
    private readonly WorkQueue _queue = new();
    private readonly AffinityTable _affinity = new();
    private readonly List<Work> _pinned = [];

    private int _slots = int.MaxValue;

    /// <summary>Pieces of work that must run alone.</summary>
    private int _alone;

    /// <summary>There are this many slots from now on. What is pinned to another one ends with the next <see cref="Review"/>, unless that still has its runner.</summary>
    public void SetSlots(int count)
    {
        lock (_gate)
        {
            _slots = count;
        }
    }

    /// <summary>Looks again at what waits.</summary>
    public void Review() => Pump();

    private static void BindTo(Seat seat, Work work)
    {
        work.Seat = seat;
        seat.Bound.Add(work);
    }

    private void Enqueue(Work work)
    {
        work.Seat = null;
        if (work.PinnedSlot is { } slot)
        {
            if (SeatFor(slot) is { } pinned)
            {
                BindTo(pinned, work);
            }
            else
            {
                // The slot's next runner will take it.
                work.Stage = WorkStage.Queued;
                _pinned.Add(work);
            }
        }
        else
        {
            _queue.Add(work);
        }
    }

    private Seat? SeatFor(int slot) => _seats.Find(seat => seat.Runner.Slot == slot && !seat.IsRetiring);

    // What others with its key wait for, it waits for too, and in front of them: it came before.
    private void Requeue(Work work)
    {
        if (work is { PinnedSlot: null, Policy.AffinityKey: { } key } && _affinity.Find(key) is { } seat)
        {
            BindTo(seat, work);
        }
        else
        {
            Enqueue(work);
        }
    }

    private void RemoveFromQueue(Work work)
    {
        if (!_pinned.Remove(work))
        {
            (work.Seat?.Bound ?? _queue).Remove(work);
        }
    }

    /// <summary>The runner takes no more: its keys are free for another, and so is the work that waits for it.</summary>
    private void Unbind(Seat seat, bool keepPinned = false)
    {
        _affinity.Release(seat);
        var waiting = new Stack<Work>();
        while (seat.Bound.Peek() is { } work)
        {
            seat.Bound.Remove(work);
            waiting.Push(work);
        }

        while (waiting.TryPop(out var work))
        {
            if (keepPinned && work.PinnedSlot is not null)
            {
                BindTo(seat, work);
            }
            else
            {
                Enqueue(work);
            }
        }
    }

    /// <summary>What is pinned to a slot that was removed would wait for ever.</summary>
    private void EndHomeless(List<Ending> endings)
    {
        foreach (var work in _pinned.Where(work => work.PinnedSlot >= _slots).ToArray())
        {
            _pinned.Remove(work);
            EndRest(work, new SlotRemovedException(), endings);
        }
    }
}
