namespace MultiProc.Scheduling;

/// <summary>Something to be done at a time, unless it is cancelled before. Guarded by the dispatcher's lock.</summary>
internal sealed class Deadline(long start, TimeSpan delay, bool isCounted, Action action)
{
    /// <summary>When its time began to run, as a timestamp.</summary>
    public long Start => start;

    /// <summary>How long it runs.</summary>
    public TimeSpan Delay => delay;

    /// <summary>Whether only time counts in which this process ran: see <see cref="HostClock"/>.</summary>
    public bool IsCounted => isCounted;

    /// <summary>What is to be done, under the dispatcher's lock; null: it has been done, or was cancelled.</summary>
    public Action? Action { get; set; } = action;
}

/// <summary>All that the dispatcher has to do at a time, with one timer for all. Guarded by the dispatcher's lock.</summary>
/// <param name="time">By which it is measured.</param>
/// <param name="clock">Which of it counts.</param>
internal sealed class Deadlines(TimeProvider time, HostClock clock)
{
    // So many cancelled ones may stay in the heap before it is cleared of them.
    private const int MaxCancelled = 64;

    private readonly PriorityQueue<Deadline, long> _waiting = new();
    private long _armedFor = long.MaxValue;
    private int _cancelled;

    /// <summary>Those that wait, and those that were cancelled and have not been cleared away.</summary>
    public int Count => _waiting.Count;

    /// <summary>Does something in so long.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="action">What: under the dispatcher's lock, on any thread.</param>
    /// <param name="isCounted">Whether only time counts in which this process ran.</param>
    public Deadline After(TimeSpan delay, Action action, bool isCounted = true)
    {
        var deadline = new Deadline(time.GetTimestamp(), delay, isCounted, action);
        _waiting.Enqueue(deadline, deadline.Start + Ticks(delay));
        return deadline;
    }

    /// <summary>It is not done any more.</summary>
    public void Cancel(Deadline deadline)
    {
        if (deadline.Action is null)
        {
            return;
        }

        deadline.Action = null;
        if (++_cancelled > MaxCancelled && _cancelled > _waiting.Count / 2)
        {
            var open = _waiting.UnorderedItems.Where(static entry => entry.Element.Action is not null).ToArray();
            _waiting.Clear();
            _waiting.EnqueueRange(open);
            _cancelled = 0;
        }
    }

    /// <summary>Does what is due. The timer has fired.</summary>
    public void Run()
    {
        _armedFor = long.MaxValue;
        var now = time.GetTimestamp();
        while (_waiting.TryPeek(out var deadline, out var due) && (due <= now || deadline.Action is null))
        {
            _waiting.Dequeue();
            if (deadline.Action is not { } action)
            {
                _cancelled--;
                continue;
            }

            var left = deadline.IsCounted ? deadline.Delay - clock.Counted(time.GetElapsedTime(deadline.Start, now)) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                _waiting.Enqueue(deadline, now + Ticks(left));
            }
            else
            {
                deadline.Action = null;
                action();
            }
        }
    }

    /// <summary>When the timer has to fire, if it has to be set anew; null: it is set already.</summary>
    public TimeSpan? TimeToArm()
    {
        if (!_waiting.TryPeek(out _, out var due) || due >= _armedFor)
        {
            return null;
        }

        _armedFor = due;
        var left = time.GetElapsedTime(time.GetTimestamp(), due);

        // A timer knows whole milliseconds, and would fire too early.
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private long Ticks(TimeSpan delay) => (long)Math.Ceiling(delay.TotalSeconds * time.TimestampFrequency);
}
