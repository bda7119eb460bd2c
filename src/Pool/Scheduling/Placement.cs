namespace MultiProc.Scheduling;

/// <summary>Which runner gets which work, and how much of it. Guarded by the dispatcher's lock.</summary>
/// <param name="seats">The runners.</param>
/// <param name="pending">What waits.</param>
/// <param name="settings">The limits of runners.</param>
/// <param name="time">When they are given work.</param>
/// <param name="nextId">The number of a piece of work that is split off.</param>
internal sealed class Placement(IReadOnlyList<Seat> seats, PendingWork pending, DispatcherSettings settings, TimeProvider time, Func<long> nextId)
{
    /// <summary>The most work that one runner is given ahead of time.</summary>
    public const int MaxAhead = 256;

    // So much for one runner, before the next gets any, when they outnumber the processors.
    private const int Gathered = 64;

    // So many runners for each processor can have calls that only compute. More would find nothing of their own in its caches when it is their turn.
    private const int MaxActiveWorkersPerProcessor = 4;

    // The runners that have room, while work is being assigned.
    private readonly List<Seat> _open = [];

    /// <summary>As many runners as there are processors are busy with short calls: one more that begins at once would only take turns with them.</summary>
    public bool IsSaturated => seats.Count > settings.Processors && seats.Count(static seat => seat.IsBusy && seat.Window > 1) >= settings.Processors;

    /// <summary>No other runner gets brief calls: those that have some get what follows.</summary>
    public bool IsCrowded
    {
        get
        {
            var most = (long)MaxActiveWorkersPerProcessor * settings.Processors;
            return seats.Count > most && seats.Count(static seat => seat.IsBrief && seat.Assigned.Count > 0) >= most;
        }
    }

    /// <summary>A runner has nothing to do, and nothing waits that it could.</summary>
    public bool IsAnyFree => pending.IsEmpty && seats.Any(static seat => seat.IsFree);

    /// <summary>Whether the runner may get work.</summary>
    public static bool IsOpen(Seat seat, bool isCrowded) => seat.HasRoom && (!isCrowded || seat.Assigned.Count > 0 || !seat.Bound.IsEmpty);

    /// <summary>Gives the runners what waits, as far as they have room: each to the one that has least, so that work spreads before it gathers; the other way round when processors are short.</summary>
    /// <param name="assigned">Told each piece of work that was given to a runner, and whether that is the runner's last.</param>
    public void AssignAll(Action<Seat, Work, bool> assigned)
    {
        // Found once, and not again for each work: of many runners, most are full.
        _open.Clear();
        var isSaturated = IsSaturated;
        var isCrowded = IsCrowded;
        foreach (var seat in seats)
        {
            if (IsOpen(seat, isCrowded))
            {
                _open.Add(seat);
            }
        }

        Seat? gathering = null;
        while (SeatForNext(gathering) is { } seat)
        {
            gathering = isSaturated ? seat : null;
            Assign(seat, pending.PeekFor(seat)!, assigned);
            if (!seat.HasRoom)
            {
                _open.Remove(seat);
            }

            if (!isCrowded && seat.Assigned.Count == 1 && IsCrowded)
            {
                isCrowded = true;
                _open.RemoveAll(static other => !IsOpen(other, isCrowded: true));
            }
        }
    }

    /// <summary>The runner that gathers, until it has its portion. Else, of those that have room and for which there is work, the one that has least; null: there is none.</summary>
    private Seat? SeatForNext(Seat? gathering)
    {
        while (pending.SettleFirst() is { } settled)
        {
            if (settled.HasRoom && !_open.Contains(settled))
            {
                _open.Add(settled);
            }
        }

        if (gathering is { HasRoom: true, Outgoing.Count: < Gathered } && HasWorkFor(gathering))
        {
            return gathering;
        }

        Seat? least = null;
        foreach (var seat in _open)
        {
            if (seat.Assigned.Count < (least?.Assigned.Count ?? int.MaxValue) && HasWorkFor(seat))
            {
                least = seat;
                if (seat.Assigned.Count == 0)
                {
                    break;
                }
            }
        }

        return least;
    }

    private bool HasWorkFor(Seat seat) => pending.PeekFor(seat) is { } next && (!next.MustRunAlone || seat.Assigned.Count == 0);

    private void Assign(Seat seat, Work work, Action<Seat, Work, bool> assigned)
    {
        pending.Remove(work);
        var isLeaving = seat.IsRetiring;
        var most = isLeaving ? int.MaxValue : seat.Most ?? int.MaxValue;
        if (work.IsShared)
        {
            // What a busy runner gave back is shared out: a part now, the rest to whoever is free next (guided self-scheduling).
            most = Math.Min(most, (work.Remaining + seats.Count - 1) / seats.Count);
        }

        seat.IsExclusive = work.MustRunAlone;
        if (seat.IsExclusive)
        {
            most = 1;
        }

        if (work.Remaining > most)
        {
            pending.Add(work.SplitBehind(most, nextId()));
        }

        if (seat.Budget is { } budget)
        {
            seat.Budget = budget - work.Remaining;
            seat.IsRetiring |= seat.Budget == 0;
        }

        work.Stage = WorkStage.Assigned;
        work.Seat = seat;
        if (seat.Assigned.Count == 0)
        {
            seat.BusySince = seat.HeadSince = time.GetTimestamp();
        }

        seat.Assigned.Add(work);
        seat.Outgoing.Add(work);
        var isLast = seat.IsRetiring && !isLeaving;
        if (!isLast && !isLeaving)
        {
            pending.BindKey(work, seat);
        }

        assigned(seat, work, isLast);
    }
}
