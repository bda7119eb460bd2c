namespace MultiProc.Scheduling;

/// <summary>
/// Work travels ahead of time when calls are short, and in chunks when it belongs to a map. If one of them turns out long, what waits behind it in its
/// worker is called back: no worker idles while another has a tail, and no short call is held hostage by a long one. Guarded by the dispatcher's lock.
/// </summary>
internal sealed class Rebalancing(IReadOnlyList<RunnerState> states, Placement placement, Deadlines deadlines)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private bool _isWatching;

    /// <summary>If anything could have to be called back, look again soon.</summary>
    public void Watch()
    {
        if (!_isWatching && HasBacklog())
        {
            _isWatching = true;
            deadlines.After(Interval, Recall, isCounted: false);
        }
    }

    private static bool IsLong(RunningItem running) => running.Elapsed >= Interval;

    private bool HasBacklog()
    {
        var isAnyFree = placement.IsAnyFree;
        return states.Any(state => isAnyFree
            ? state.Assigned.Count > 1 || state.Assigned.Exists(static work => work.IsDivisible)
            : state.Assigned.Exists(static work => work.IsCallGroup) || (state.Assigned.Count > 1 && state.Assigned.Exists(static work => work.Unit.Count == 1)));
    }

    private void Recall()
    {
        _isWatching = false;
        var isAnyFree = placement.IsAnyFree;
        foreach (var state in states)
        {
            if (state.Runner.Running is { } running && Recallable(state, running, isAnyFree) is { Length: > 0 } units)
            {
                if (IsLong(running))
                {
                    state.ShrinkWindow();
                }

                state.Orders.Enqueue(() => state.Runner.Recall(units));
            }
        }
    }

    // Behind a long item, all calls and chunks that wait. For a runner that has nothing to do: chunks that wait, and the rest of the one that runs.
    private static long[] Recallable(RunnerState state, RunningItem running, bool isAnyFree)
    {
        List<long> units = [];
        foreach (var work in state.Assigned)
        {
            var isWanted = work.Id == running.Unit
                ? (isAnyFree || (work.IsCallGroup && IsLong(running))) && work.IsDivisible && running.Item < work.EndItem - 1
                : work.PinnedSlot is null && (IsLong(running) || (isAnyFree && work.Unit.Count > 1));
            if (isWanted && !work.IsRecalled && !work.MustRunAlone)
            {
                work.IsRecalled = true;
                units.Add(work.Id);
            }
        }

        return [.. units];
    }
}
