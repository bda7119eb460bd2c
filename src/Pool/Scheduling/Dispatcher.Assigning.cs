using MultiProc.Calls;
using MultiProc.Diagnostics;

namespace MultiProc.Scheduling;

/// <summary>How waiting work meets a free runner.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>The most work that one runner is given ahead of time.</summary>
    private const int MostAhead = 256;

    /// <summary>Gives the runners what waits, as far as they have room.</summary>
    private void Pump()
    {
        List<Seat> given;
        List<Seat> retiring = [];
        List<ICallRunner> retired = [];
        List<Ending> endings = [];
        lock (_gate)
        {
            if (_pinned.Count > 0)
            {
                EndHomeless(endings);
            }

            AssignAll(retiring);
            given = _seats.FindAll(static seat => seat.Outgoing.Count > 0);
            TakeRetired(retired);
            WatchBacklog();
        }

        if (retiring.Count > 0)
        {
            TellRetiring(retiring, retired);
        }

        foreach (var seat in given)
        {
            Send(seat);
        }

        foreach (var runner in retired)
        {
            owner.OnRetired(runner);
        }

        Tell(endings);
    }

    // Two threads may have assigned to the same runner: whoever is first here sends it all, in order.
    private void Send(Seat seat)
    {
        SentWork? sent;
        lock (seat.SendGate)
        {
            List<Work> works;
            lock (_gate)
            {
                works = [.. seat.Outgoing];
                seat.Outgoing.Clear();
            }

            if (works.Count == 0)
            {
                return;
            }

            sent = settings.Metrics is null ? null : PoolMetrics.Measure(works, time, settings.CountsBytes);
            seat.Runner.Send(works);
            foreach (var work in works)
            {
                if (work.Live is { HasTokens: true } live)
                {
                    EvenIfInterrupted((this, seat, work, live), static sent => sent.Item1.LinkTokens(sent.seat, sent.work, sent.live));
                }

                if (work.Policy.IsTimed)
                {
                    EvenIfInterrupted((this, seat, work), static sent => sent.Item1.WatchTime(sent.seat, sent.work));
                }

                if (work.IsAbandoned)
                {
                    // Perhaps before the runner knew the work.
                    seat.Runner.Cancel(work.Id, item: -1, token: 0);
                }
            }
        }

        // Outside of the gate: a listener is code of the application, which may wait for what others send.
        if (sent is { } measured)
        {
            settings.Metrics!.NoteSent(measured);
        }
    }

    private void LinkTokens(Seat seat, Work work, LiveExports live)
    {
        var links = live.LinkTokens(token => seat.Runner.Cancel(work.Id, item: -1, token));
        lock (_gate)
        {
            if (work.Stage == WorkStage.Assigned && work.Seat == seat)
            {
                work.TokenLinks = links;
                return;
            }
        }

        links.Dispose();
    }

    /// <summary>Moves work from the queue to the runner.</summary>
    /// <returns>Whether the runner retires with it.</returns>
    private bool Assign(Seat seat, Work work)
    {
        RemoveFromQueue(work);
        var isLeaving = seat.IsRetiring;
        var most = isLeaving ? int.MaxValue : seat.Most ?? int.MaxValue;
        if (work.IsShared)
        {
            // What a busy runner gave back is shared out: a part now, the rest to whoever is free next (guided self-scheduling).
            most = Math.Min(most, (work.Remaining + _seats.Count - 1) / _seats.Count);
        }

        seat.IsExclusive = work.MustRunAlone;
        if (seat.IsExclusive)
        {
            most = 1;
        }

        if (work.Remaining > most)
        {
            Enqueue(Split(work, most));
        }

        if (seat.Budget is { } budget)
        {
            seat.Budget = budget - work.Remaining;
            seat.IsRetiring |= seat.Budget == 0;
        }

        if (seat.IsRetiring && !isLeaving)
        {
            seat.IsAnnouncing = true;
            Unbind(seat);
        }
        else if (!isLeaving && work.Policy.AffinityKey is { } key)
        {
            _affinity.Bind(key, seat);
        }

        work.Stage = WorkStage.Assigned;
        work.Seat = seat;
        if (seat.Assigned.Count == 0)
        {
            seat.BusySince = seat.HeadSince = time.GetTimestamp();
        }

        seat.Assigned.Add(work);
        seat.Outgoing.Add(work);
        ReleasePlace(work);
        return seat.IsRetiring && !isLeaving;
    }

    /// <summary>Splits off everything behind the first <paramref name="count"/> items.</summary>
    private Work Split(Work work, int count)
    {
        _alone += work.MustRunAlone ? 1 : 0;
        return work.SplitBehind(count, NextId());
    }

    private void ReleasePlace(Work work)
    {
        if (work.HoldsPlace)
        {
            work.HoldsPlace = false;
            settings.Places?.Release();
        }
    }
}
