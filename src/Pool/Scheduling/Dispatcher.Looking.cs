namespace MultiProc.Scheduling;

/// <summary>
/// When to look for runners after a submission. At once is best for a caller who waits for each result before the next call. One who goes on submitting is
/// better served a little later: what comes meanwhile goes with it, in one message. Which of them it is shows when a look was put off.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>With so much under way, a runner will say soon that some of it has ended.</summary>
    private const int MuchSent = 32;

    /// <summary>Of so many looks for free runners, one is put off, to see what comes meanwhile.</summary>
    private const int LooksForTrial = 64;

    /// <summary>So many looks put off in vain, one after another, and the next is made at once.</summary>
    private const int MostTrust = 4;

    private bool _isLookPutOff;
    private long _arrivalsAtPutOff;
    private int _looks;
    private int _trust;

    private enum Look
    {
        None,
        Soon,
        Now,
    }

    /// <summary>When to look for runners after a submission.</summary>
    /// <param name="work">What was submitted.</param>
    /// <param name="isFirst">Whether no other work waits. Where some does, none has room, or somebody is about to look.</param>
    private Look LookFor(Work work, bool isFirst)
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
        var isSaturated = IsSaturated();
        var isCrowded = IsCrowded();
        foreach (var seat in _seats)
        {
            if (!IsOpen(seat, isCrowded))
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

        return look == Look.Soon && !TryPutOff() ? Look.None : look;
    }

    private bool IsMoreExpected() => _trust > 0 || ++_looks % LooksForTrial == 0;

    /// <returns>False: somebody is about to look.</returns>
    private bool TryPutOff()
    {
        if (_isLookPutOff)
        {
            return false;
        }

        _isLookPutOff = true;
        _arrivalsAtPutOff = _arrivals;
        return true;
    }

    /// <summary>The look that was put off.</summary>
    private void LookNow() => Guard(LookAgain);

    private void LookAgain()
    {
        lock (_gate)
        {
            _isLookPutOff = false;
            _trust = _arrivals > _arrivalsAtPutOff ? MostTrust : Math.Max(0, _trust - 1);
        }

        Pump();
    }
}
