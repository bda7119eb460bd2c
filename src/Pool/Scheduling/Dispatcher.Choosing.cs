namespace MultiProc.Scheduling;

/// <summary>Which runner gets the next work.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>So much for one runner, before the next gets any, when they outnumber the processors.</summary>
    private const int Gathered = 64;

    /// <summary>So many runners for each processor can have calls that only compute. More would find nothing of their own in its caches when it is their turn.</summary>
    private const int CrowdOfProcessor = 4;

    /// <summary>The runners that have room, while work is being assigned.</summary>
    private readonly List<Seat> _open = [];

    /// <summary>Each goes to the runner that has least, so that work spreads before it gathers; the other way round when processors are short.</summary>
    private void AssignAll(List<Seat> retiring)
    {
        // Found once, and not again for each work: of many runners, most are full.
        _open.Clear();
        var isSaturated = IsSaturated();
        var isCrowded = IsCrowded();
        foreach (var seat in _seats)
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
            if (Assign(seat, NextFor(seat)!))
            {
                retiring.Add(seat);
            }

            if (!seat.HasRoom)
            {
                _open.Remove(seat);
            }

            if (!isCrowded && seat.Assigned.Count == 1 && IsCrowded())
            {
                isCrowded = true;
                _open.RemoveAll(static other => !IsOpen(other, isCrowded: true));
            }
        }
    }

    /// <summary>As many runners as there are processors are busy with short calls: one more that begins at once would only take turns with them.</summary>
    private bool IsSaturated() => _seats.Count > settings.Processors && _seats.Count(static seat => seat.IsBusy && seat.Window > 1) >= settings.Processors;

    /// <summary>No other runner gets brief calls: those that have some get what follows.</summary>
    private bool IsCrowded()
    {
        var most = (long)CrowdOfProcessor * settings.Processors;
        return _seats.Count > most && _seats.Count(static seat => seat.IsBrief && seat.Assigned.Count > 0) >= most;
    }

    private static bool IsOpen(Seat seat, bool isCrowded) => seat.HasRoom && (!isCrowded || seat.Assigned.Count > 0 || !seat.Bound.IsEmpty);

    private bool HasWorkFor(Seat seat) => _alone > 0
        ? NextFor(seat) is { } next && (!next.MustRunAlone || seat.Assigned.Count == 0)
        : !seat.Bound.IsEmpty || (!seat.IsRetiring && !_queue.IsEmpty);

    /// <summary>The runner that gathers, until it has its portion. Else, of those that have room and for which there is work, the one that has least; null: there is none.</summary>
    private Seat? SeatForNext(Seat? gathering)
    {
        SettleFirst();
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

    private Work? NextFor(Seat seat)
    {
        var (bound, any) = (seat.Bound.Peek(), seat.IsRetiring ? null : _queue.Peek());
        return bound is null || any?.GoesBefore(bound) == true ? any : bound;
    }

    /// <summary>Work whose key belongs to a runner waits for that one, out of the others' way.</summary>
    private void SettleFirst()
    {
        while (_queue.Peek() is { Policy.AffinityKey: { } key } work && _affinity.Find(key) is { } seat)
        {
            _queue.Remove(work);
            BindTo(seat, work);
            if (seat.HasRoom && !_open.Contains(seat))
            {
                _open.Add(seat);
            }
        }
    }
}
