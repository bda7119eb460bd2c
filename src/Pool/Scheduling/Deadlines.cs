namespace MultiProc.Scheduling;

/// <summary>An action that is due at a time, unless it is cancelled before. Guarded by the dispatcher's lock.</summary>
internal sealed class Deadline(long start, TimeSpan delay, bool isCounted, Action action)
{
    /// <summary>The timestamp at which the delay began.</summary>
    public long Start => start;

    /// <summary>The delay.</summary>
    public TimeSpan Delay => delay;

    /// <summary>Whether only time counts in which this process ran; see <see cref="HostClock"/>.</summary>
    public bool IsCounted => isCounted;

    /// <summary>The action, to be run under the dispatcher's lock; null: it was run or cancelled.</summary>
    public Action? Action { get; set; } = action;
}

/// <summary>All deadlines of the dispatcher, in one heap with one timer. Guarded by the dispatcher's lock.</summary>
/// <param name="time">The clock.</param>
/// <param name="clock">Decides which time counts.</param>
internal sealed class Deadlines(TimeProvider time, HostClock clock)
{
    // This many cancelled deadlines may stay in the heap before it is cleaned.
    private const int MaxCancelled = 64;

    private readonly PriorityQueue<Deadline, long> _waiting = new();
    private long _armedFor = long.MaxValue;
    private int _cancelled;

    /// <summary>The number of deadlines in the heap, cancelled ones included.</summary>
    public int Count => _waiting.Count;

    /// <summary>Adds a deadline.</summary>
    /// <param name="delay">The time from now.</param>
    /// <param name="action">Run under the dispatcher's lock, on any thread.</param>
    /// <param name="isCounted">Whether only time counts in which this process ran.</param>
    public Deadline After(TimeSpan delay, Action action, bool isCounted = true)
    {
        var deadline = new Deadline(time.GetTimestamp(), delay, isCounted, action);
        _waiting.Enqueue(deadline, deadline.Start + Ticks(delay));
        return deadline;
    }

    /// <summary>Cancels the deadline.</summary>
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

    /// <summary>Runs what is due, after the timer has fired.</summary>
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

    /// <summary>The time at which the timer must fire, if it has to be set anew; null: it is set already.</summary>
    public TimeSpan? TimeToArm()
    {
        if (!_waiting.TryPeek(out _, out var due) || due >= _armedFor)
        {
            return null;
        }

        _armedFor = due;
        var left = time.GetElapsedTime(time.GetTimestamp(), due);

        // A timer has a resolution of whole milliseconds, and would fire too early.
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private long Ticks(TimeSpan delay) => (long)Math.Ceiling(delay.TotalSeconds * time.TimestampFrequency);
}
