namespace MultiProc.Scheduling;

/// <summary>The policy that decides which runner gets which work, and how much. Guarded by the dispatcher's lock.</summary>
/// <param name="states">The runners.</param>
/// <param name="pending">The work that waits.</param>
/// <param name="settings">The limits of runners.</param>
/// <param name="time">The clock.</param>
/// <param name="nextId">Makes the number of a unit that is split off.</param>
internal sealed class Placement(IReadOnlyList<RunnerState> states, PendingWork pending, DispatcherSettings settings, TimeProvider time, Func<long> nextId)
{
    /// <summary>The maximum amount of work that is sent to one runner in advance.</summary>
    public const int MaxPrefetch = 256;

    // If there are more runners than processors: one runner gets this much before the next one gets any.
    private const int MaxBatchPerRunner = 64;

    // This many runners for each processor may have calls that only compute. More runners would find cold caches at each turn.
    private const int MaxActiveWorkersPerProcessor = 4;

    // The runners that have room, during AssignAll.
    private readonly List<RunnerState> _open = [];

    /// <summary>As many runners as there are processors are busy with short calls. Another runner could only take turns with them.</summary>
    public bool IsSaturated => states.Count > settings.Processors && states.Count(static state => state.IsBusy && state.Window > 1) >= settings.Processors;

    /// <summary>No further runner gets calls that only compute: those that have some get the next ones, too.</summary>
    public bool IsCrowded
    {
        get
        {
            var max = (long)MaxActiveWorkersPerProcessor * settings.Processors;
            return states.Count > max && states.Count(static state => state.IsComputeBound && state.Assigned.Count > 0) >= max;
        }
    }

    /// <summary>A runner is idle, and no work waits that it could run.</summary>
    public bool IsAnyFree => pending.IsEmpty && states.Any(static state => state.IsFree);

    /// <summary>Whether the runner may get work.</summary>
    public static bool IsOpen(RunnerState state, bool isCrowded) => state.HasRoom && (!isCrowded || state.Assigned.Count > 0 || !state.Bound.IsEmpty);

    /// <summary>
    /// Assigns waiting work to runners that have room. Each time the runner with the least work gets the next, so that work spreads.
    /// If processors are saturated, one runner is filled before the next.
    /// </summary>
    /// <param name="assigned">Called for each assigned work; true: it is the last of its runner.</param>
    public void AssignAll(Action<RunnerState, Work, bool> assigned)
    {
        // Collected once: in a large pool most runners have no room.
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

    /// <summary>
    /// The runner that is being filled, until it has its batch. Otherwise the runner with the least work, of those that have room and
    /// for which work waits; null: none.
    /// </summary>
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
        var max = isLeaving ? int.MaxValue : state.MaxItems ?? int.MaxValue;
        if (work.IsShared)
        {
            // Work that a busy runner gave back is shared: one part now, the rest for the next idle runners (guided self-scheduling).
            max = Math.Min(max, (work.Remaining + states.Count - 1) / states.Count);
        }

        state.IsExclusive = work.MustRunAlone;
        if (state.IsExclusive)
        {
            max = 1;
        }

        if (work.Remaining > max)
        {
            pending.Add(work.SplitBehind(max, nextId()));
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
