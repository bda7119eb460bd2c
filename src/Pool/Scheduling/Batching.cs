namespace MultiProc.Scheduling;

/// <summary>
/// How brief calls share what one costs: a message, or a piece of work. Guarded by the dispatcher's lock, but for <see cref="MayJoin"/>.
/// </summary>
/// <remarks>
/// When to look for runners after a submission: at once is best for a caller who waits for each result before the next call. One who goes on submitting is
/// better served a little later: what comes meanwhile goes with it, in one message. Which of them it is shows when a look was put off.
/// </remarks>
internal sealed class Batching(IReadOnlyList<RunnerState> states, PendingWork pending, Placement placement, DispatcherSettings settings)
{
    /// <summary>With so much under way, a runner will say soon that some of it has ended.</summary>
    private const int MinSentToWaitForResult = 32;

    /// <summary>Of so many looks for free runners, one is put off, to see what comes meanwhile.</summary>
    private const int DecisionsPerTrial = 64;

    /// <summary>So many looks put off in vain, one after another, and the next is made at once.</summary>
    private const int MaxCredit = 4;

    // So many must wait for each runner: then it does not matter which of them gets a few more.
    private const int MinBacklog = 16;

    private long _joinsFrom = long.MaxValue;
    private bool _isDeferred;
    private long _arrivalsAtDeferral;
    private int _decisions;
    private int _credit;

    /// <summary>
    /// Whether a call may become a part of the work that waits before it: many brief ones wait, so that each costs a fraction of what it would alone. Without the
    /// lock: usually they do not, and whether this just meets the mark does not matter.
    /// </summary>
    public bool MayJoin => pending.Items >= Volatile.Read(ref _joinsFrom);

    /// <summary>A runner has shown how long its calls take. Where failures are saved, and calls listed one by one, none joins another.</summary>
    public void Review(RunnerState state) => _joinsFrom = state.IsComputeBound && settings.Observer is not { NeedsWholeCalls: true } ? (long)MinBacklog * states.Count : long.MaxValue;

    /// <summary>When to look for runners after a submission.</summary>
    /// <param name="work">What was submitted.</param>
    /// <param name="isFirst">Whether no other work waits. Where some does, none has room, or somebody is about to look.</param>
    /// <param name="arrivals">How much has been submitted before.</param>
    public DispatchDecision Decide(Work work, bool isFirst, long arrivals)
    {
        if (work.PinnedSlot is not null)
        {
            return DispatchDecision.Now;
        }

        // Its runner may be one that nobody else asks for.
        var isKeyed = work.Policy.AffinityKey is not null;
        if (!isFirst && !isKeyed)
        {
            return DispatchDecision.None;
        }

        // What is for busy runners can wait for a few microseconds, and what comes meanwhile goes with it. Where much is under way it goes with the next result.
        var look = isKeyed ? DispatchDecision.Deferred : DispatchDecision.None;
        var isSaturated = placement.IsSaturated;
        var isCrowded = placement.IsCrowded;
        foreach (var state in states)
        {
            if (!Placement.IsOpen(state, isCrowded))
            {
                continue;
            }

            if (!state.IsBusy && !isSaturated)
            {
                look = IsMoreExpected() ? DispatchDecision.Deferred : DispatchDecision.Now;
                break;
            }

            if (state.Sent < MinSentToWaitForResult)
            {
                look = DispatchDecision.Deferred;
            }
        }

        return look == DispatchDecision.Deferred && !TryDefer(arrivals) ? DispatchDecision.None : look;
    }

    /// <summary>The look that was put off is made.</summary>
    /// <param name="arrivals">How much has been submitted so far.</param>
    public void EndDeferral(long arrivals)
    {
        _isDeferred = false;
        _credit = arrivals > _arrivalsAtDeferral ? MaxCredit : Math.Max(0, _credit - 1);
    }

    private bool IsMoreExpected() => _credit > 0 || ++_decisions % DecisionsPerTrial == 0;

    /// <returns>False: somebody is about to look.</returns>
    private bool TryDefer(long arrivals)
    {
        if (_isDeferred)
        {
            return false;
        }

        _isDeferred = true;
        _arrivalsAtDeferral = arrivals;
        return true;
    }
}

/// <summary>When to look for runners.</summary>
internal enum DispatchDecision
{
    /// <summary>Not for this: somebody else will.</summary>
    None,

    /// <summary>A little later.</summary>
    Deferred,

    /// <summary>At once.</summary>
    Now,
}
