namespace MultiProc.Scheduling;

/// <summary>
/// How brief calls share what one costs: a message, or a piece of work. Guarded by the dispatcher's lock, but for <see cref="MayJoin"/>.
/// </summary>
/// <remarks>
/// When to look for runners after a submission: at once is best for a caller who waits for each result before the next call. One who goes on submitting is
/// better served a little later: what comes meanwhile goes with it, in one message. Which of them it is shows when a look was put off.
/// </remarks>
internal sealed class Batching(IReadOnlyList<Seat> seats, PendingWork pending, Placement placement, DispatcherSettings settings)
{
    /// <summary>With so much under way, a runner will say soon that some of it has ended.</summary>
    private const int MuchSent = 32;

    /// <summary>Of so many looks for free runners, one is put off, to see what comes meanwhile.</summary>
    private const int LooksForTrial = 64;

    /// <summary>So many looks put off in vain, one after another, and the next is made at once.</summary>
    private const int MaxTrust = 4;

    // So many must wait for each runner: then it does not matter which of them gets a few more.
    private const int MinBacklog = 16;

    private long _joinsFrom = long.MaxValue;
    private bool _isLookPutOff;
    private long _arrivalsAtPutOff;
    private int _looks;
    private int _trust;

    /// <summary>
    /// Whether a call may become a part of the work that waits before it: many brief ones wait, so that each costs a fraction of what it would alone. Without the
    /// lock: usually they do not, and whether this just meets the mark does not matter.
    /// </summary>
    public bool MayJoin => pending.Items >= Volatile.Read(ref _joinsFrom);

    /// <summary>A runner has shown how long its calls take. Where failures are saved, and calls listed one by one, none joins another.</summary>
    public void Review(Seat seat) => _joinsFrom = seat.IsBrief && settings.Observer is not { NeedsWholeCalls: true } ? (long)MinBacklog * seats.Count : long.MaxValue;

    /// <summary>When to look for runners after a submission.</summary>
    /// <param name="work">What was submitted.</param>
    /// <param name="isFirst">Whether no other work waits. Where some does, none has room, or somebody is about to look.</param>
    /// <param name="arrivals">How much has been submitted before.</param>
    public Look LookFor(Work work, bool isFirst, long arrivals)
    {
        if (work.PinnedSlot is not null)
        {
            return Look.Now;
        }

        // Its runner may be one that nobody else asks for.
        var isKeyed = work.Policy.AffinityKey is not null;
        if (!isFirst && !isKeyed)
        {
            return Look.None;
        }

        // What is for busy runners can wait for a few microseconds, and what comes meanwhile goes with it. Where much is under way it goes with the next result.
        var look = isKeyed ? Look.Soon : Look.None;
        var isSaturated = placement.IsSaturated;
        var isCrowded = placement.IsCrowded;
        foreach (var seat in seats)
        {
            if (!Placement.IsOpen(seat, isCrowded))
            {
                continue;
            }

            if (!seat.IsBusy && !isSaturated)
            {
                look = IsMoreExpected() ? Look.Soon : Look.Now;
                break;
            }

            if (seat.Sent < MuchSent)
            {
                look = Look.Soon;
            }
        }

        return look == Look.Soon && !TryPutOff(arrivals) ? Look.None : look;
    }

    /// <summary>The look that was put off is made.</summary>
    /// <param name="arrivals">How much has been submitted so far.</param>
    public void EndPutOff(long arrivals)
    {
        _isLookPutOff = false;
        _trust = arrivals > _arrivalsAtPutOff ? MaxTrust : Math.Max(0, _trust - 1);
    }

    private bool IsMoreExpected() => _trust > 0 || ++_looks % LooksForTrial == 0;

    /// <returns>False: somebody is about to look.</returns>
    private bool TryPutOff(long arrivals)
    {
        if (_isLookPutOff)
        {
            return false;
        }

        _isLookPutOff = true;
        _arrivalsAtPutOff = arrivals;
        return true;
    }
}

/// <summary>When to look for runners.</summary>
internal enum Look
{
    /// <summary>Not for this: somebody else will.</summary>
    None,

    /// <summary>A little later.</summary>
    Soon,

    /// <summary>At once.</summary>
    Now,
}
