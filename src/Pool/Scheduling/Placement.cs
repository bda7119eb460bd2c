namespace MultiProc.Scheduling;

/// <summary>Which runner gets which work, and how much of it. Guarded by the dispatcher's lock.</summary>
/// <param name="states">The runners.</param>
/// <param name="pending">What waits.</param>
/// <param name="settings">The limits of runners.</param>
/// <param name="time">When they are given work.</param>
/// <param name="nextId">The number of a piece of work that is split off.</param>
internal sealed class Placement(IReadOnlyList<RunnerState> states, PendingWork pending, DispatcherSettings settings, TimeProvider time, Func<long> nextId)
{
    /// <summary>The most work that one runner is given ahead of time.</summary>
    public const int MaxPrefetch = 256;

    // So much for one runner, before the next gets any, when they outnumber the processors.
    private const int MaxBatchPerRunner = 64;

    // So many runners for each processor can have calls that only compute. More would find nothing of their own in its caches when it is their turn.
    private const int MaxActiveWorkersPerProcessor = 4;

    // The runners that have room, while work is being assigned.
    private readonly List<RunnerState> _open = [];

    /// <summary>As many runners as there are processors are busy with short calls: one more that begins at once would only take turns with them.</summary>
    public bool IsSaturated => states.Count > settings.Processors && states.Count(static state => state.IsBusy && state.Window > 1) >= settings.Processors;

    /// <summary>No other runner gets brief calls: those that have some get what follows.</summary>
    public bool IsCrowded
    {
        get
        {
            var most = (long)MaxActiveWorkersPerProcessor * settings.Processors;
            return states.Count > most && states.Count(static state => state.IsComputeBound && state.Assigned.Count > 0) >= most;
        }
    }

    /// <summary>A runner has nothing to do, and nothing waits that it could.</summary>
    public bool IsAnyFree => pending.IsEmpty && states.Any(static state => state.IsFree);

    /// <summary>Whether the runner may get work.</summary>
    public static bool IsOpen(RunnerState state, bool isCrowded) => state.HasRoom && (!isCrowded || state.Assigned.Count > 0 || !state.Bound.IsEmpty);

    /// <summary>Gives the runners what waits, as far as they have room: each to the one that has least, so that work spreads before it gathers; the other way round when processors are short.</summary>
    /// <param name="assigned">Told each piece of work that was given to a runner, and whether that is the runner's last.</param>
    public void AssignAll(Action<RunnerState, Work, bool> assigned)
    {
        // Found once, and not again for each work: of many runners, most are full.
        _open.Clear();
        var isSaturated = IsSaturated;
        var isCrowded = IsCrowded;
        foreach (var state in states)
        {
            if (IsOpen(state, isCrowded))
            {
                _open.Add(state);
            }
        }

        RunnerState? filling = null;
        while (SelectRunner(filling) is { } state)
        {
            filling = isSaturated ? state : null;
            Assign(state, pending.PeekFor(state)!, assigned);
            if (!state.HasRoom)
            {
                _open.Remove(state);
            }

            if (!isCrowded && state.Assigned.Count == 1 && IsCrowded)
            {
                isCrowded = true;
                _open.RemoveAll(static other => !IsOpen(other, isCrowded: true));
            }
        }
    }

    /// <summary>The runner that gathers, until it has its portion. Else, of those that have room and for which there is work, the one that has least; null: there is none.</summary>
    private RunnerState? SelectRunner(RunnerState? filling)
    {
        while (pending.ResolveFirstKey() is { } settled)
        {
            if (settled.HasRoom && !_open.Contains(settled))
            {
                _open.Add(settled);
            }
        }

        if (filling is { HasRoom: true, Outgoing.Count: < MaxBatchPerRunner } && HasWorkFor(filling))
        {
            return filling;
        }

        RunnerState? least = null;
        foreach (var state in _open)
        {
            if (state.Assigned.Count < (least?.Assigned.Count ?? int.MaxValue) && HasWorkFor(state))
            {
                least = state;
                if (state.Assigned.Count == 0)
                {
                    break;
                }
            }
        }

        return least;
    }

    private bool HasWorkFor(RunnerState state) => pending.PeekFor(state) is { } next && (!next.MustRunAlone || state.Assigned.Count == 0);

    private void Assign(RunnerState state, Work work, Action<RunnerState, Work, bool> assigned)
    {
        pending.Remove(work);
        var isLeaving = state.IsRetiring;
        var most = isLeaving ? int.MaxValue : state.Most ?? int.MaxValue;
        if (work.IsShared)
        {
            // What a busy runner gave back is shared out: a part now, the rest to whoever is free next (guided self-scheduling).
            most = Math.Min(most, (work.Remaining + states.Count - 1) / states.Count);
        }

        state.IsExclusive = work.MustRunAlone;
        if (state.IsExclusive)
        {
            most = 1;
        }

        if (work.Remaining > most)
        {
            pending.Add(work.SplitBehind(most, nextId()));
        }

        if (state.Budget is { } budget)
        {
            state.Budget = budget - work.Remaining;
            state.IsRetiring |= state.Budget == 0;
        }

        work.Stage = WorkStage.Assigned;
        work.RunnerState = state;
        if (state.Assigned.Count == 0)
        {
            state.BusySince = state.HeadSince = time.GetTimestamp();
        }

        state.Assigned.Add(work);
        state.Outgoing.Add(work);
        var isLast = state.IsRetiring && !isLeaving;
        if (!isLast && !isLeaving)
        {
            pending.BindKey(work, state);
        }

        assigned(state, work, isLast);
    }
}
