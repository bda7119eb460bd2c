namespace MultiProc.Scheduling;

/// <summary>Runners that leave, because they may run no more, or are too large, or are to be replaced.</summary>
internal sealed partial class Dispatcher
{
    // Their last work may be on its way already, sent by another thread, and may have ended: that they have retired is told after that they do.
    private void TellRetiring(List<Seat> retiring, List<ICallRunner> retired)
    {
        foreach (var seat in retiring)
        {
            owner.OnRetiring(seat.Runner);
        }

        lock (_gate)
        {
            foreach (var seat in retiring)
            {
                seat.IsAnnouncing = false;
            }

            TakeRetired(retired);
        }
    }

    private void TakeRetired(List<ICallRunner> retired)
    {
        for (var i = _seats.Count - 1; i >= 0; i--)
        {
            if (_seats[i] is { IsRetiring: true, IsAnnouncing: false, Assigned.Count: 0, Bound.IsEmpty: true } seat)
            {
                retired.Add(seat.Runner);
                _seats.RemoveAt(i);
            }
        }
    }

    private void RetireIfTooLarge(ICallRunner runner)
    {
        if (settings.MaxRunnerMemoryBytes is { } limit && runner.WorkingSetBytes > limit && !runner.IsDebugged)
        {
            Announce(runner);
        }
    }

    /// <summary>The runner is to be replaced once it has ended what it is in.</summary>
    public void Recycle(ICallRunner runner)
    {
        Announce(runner);
        Pump();
    }

    private void Announce(ICallRunner runner)
    {
        Seat? seat;
        lock (_gate)
        {
            seat = SeatOf(runner);
            if (seat is not { IsRetiring: false })
            {
                return;
            }

            seat.IsRetiring = seat.IsAnnouncing = true;
            Unbind(seat);
        }

        owner.OnRetiring(runner);
        lock (_gate)
        {
            seat.IsAnnouncing = false;
        }
    }
}
