namespace MultiProc.Scheduling;

/// <summary>
/// The policy by which short calls share costs: several in one message, or in one unit. Guarded by the dispatcher's lock, except
/// <see cref="MayJoin"/>.
/// </summary>
/// <remarks>
/// Dispatch after a submission: at once is best for a caller that awaits each result before the next call. A caller that keeps
/// submitting is served better a little later, because several calls then share a message. Deferred dispatches show which kind it is.
/// </remarks>
internal sealed class Batching(IReadOnlyList<RunnerState> states, PendingWork pending, Placement placement, DispatcherSettings settings)
{
    /// <summary>With this much work sent, a runner will soon report a result, which triggers dispatch anyway.</summary>
    private const int MinSentToWaitForResult = 32;

    /// <summary>One of this many dispatches is deferred as a trial, to see whether more calls arrive meanwhile.</summary>
    private const int DecisionsPerTrial = 64;

    /// <summary>After this many consecutive deferred dispatches without a further call, dispatch is immediate again.</summary>
    private const int MaxCredit = 4;

    // Calls join only if this many wait for each runner. Then it does not matter which runner gets a few more.
    private const int MinBacklog = 16;

    private long _joinsFrom = long.MaxValue;
    private bool _isDeferred;
    private long _arrivalsAtDeferral;
    private int _decisions;
    private int _credit;

    /// <summary>
    /// Whether a call may become part of the unit that waits before it, because many short calls wait. Read without the lock: an answer
    /// that is slightly late does no harm.
    /// </summary>
    public bool MayJoin => pending.Items >= Volatile.Read(ref _joinsFrom);

    /// <summary>A runner has shown how long its calls take. Calls never join where failures are recorded or calls are listed one by one.</summary>
    public void Review(RunnerState state) => _joinsFrom = state.IsComputeBound && settings.Observer is not { NeedsWholeCalls: true } ? (long)MinBacklog * states.Count : long.MaxValue;

    /// <summary>Decides when to dispatch after a submission.</summary>
    /// <param name="work">The submitted work.</param>
    /// <param name="isFirst">Whether no other work waits. If some does, no runner has room, or a dispatch is due already.</param>
    /// <param name="arrivals">The number of submissions before.</param>
    public DispatchDecision Decide(Work work, bool isFirst, long arrivals)
    {
        if (work.PinnedSlot is not null)
        {
            return DispatchDecision.Now;
        }

        // Its key may belong to a runner that no other work waits for.
        var isKeyed = work.Policy.AffinityKey is not null;
        if (!isFirst && !isKeyed)
        {
            return DispatchDecision.None;
        }

        // Work for busy runners can wait some microseconds, and shares a message with what arrives meanwhile. If much is sent already,
        // the next result triggers dispatch.
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

    /// <summary>A deferred dispatch takes place.</summary>
    /// <param name="arrivals">The number of submissions so far.</param>
    public void EndDeferral(long arrivals)
    {
        _isDeferred = false;
        _credit = arrivals > _arrivalsAtDeferral ? MaxCredit : Math.Max(0, _credit - 1);
    }

    private bool IsMoreExpected() => _credit > 0 || ++_decisions % DecisionsPerTrial == 0;

    /// <returns>False: a deferred dispatch is due already.</returns>
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

/// <summary>When to dispatch.</summary>
internal enum DispatchDecision
{
    /// <summary>Not for this submission: a dispatch will follow anyway.</summary>
    None,

    /// <summary>Some microseconds later, on another thread.</summary>
    Deferred,

    /// <summary>At once.</summary>
    Now,
}
