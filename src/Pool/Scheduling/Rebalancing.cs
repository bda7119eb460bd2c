namespace MultiProc.Scheduling;

/// <summary>
/// The policy that recalls work. Short calls and chunks are sent in advance. If one of them turns out long, the work behind it is
/// recalled: no worker idles while another has a queue, and no short call waits behind a long one. Guarded by the dispatcher's lock.
/// </summary>
internal sealed class Rebalancing(IReadOnlyList<RunnerState> states, Placement placement, Deadlines deadlines)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private bool _isWatching;

    /// <summary>Checks again soon if any work could have to be recalled.</summary>
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

    // Behind a long item: all calls and chunks that wait. For an idle runner: waiting chunks, and the rest of the running one.
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
