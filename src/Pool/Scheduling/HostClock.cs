namespace MultiProc.Scheduling;

/// <summary>
/// Time as it counts for limits: without the stretches in which this process itself did not get to run - it stood at a breakpoint, was stopped, or the whole
/// machine slept. What a worker did meanwhile has not been read yet, so nobody is judged by such a stretch: it is given back. Thread-safe.
/// </summary>
internal sealed class HostClock(TimeProvider time) : IDisposable
{
    private const int KeptPauses = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    // A beat that is late by less than this is the fault of a busy machine.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(750);

    private readonly Lock _gate = new();
    private readonly List<(long Begin, long End)> _pauses = [];
    private ITimer? _timer;
    private long _lastBeat;
    private bool _isDisposed;

    /// <summary>Begins to watch. Before that, and after <see cref="Dispose"/>, all time counts.</summary>
    public void Start()
    {
        OnBeat();
        _timer = time.CreateTimer(
            static clock =>
            {
                try
                {
                    ((HostClock)clock!).OnBeat();
                }
                catch (OutOfMemoryException)
                {
                    // It would end the application. The next beat sees the pause, too.
                }
            },
            this, Beat, Beat);
    }

    /// <summary>The process ran at this moment.</summary>
    public void OnBeat()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            if (OpenPause() is { } pause)
            {
                if (_pauses.Count == KeptPauses)
                {
                    _pauses.RemoveAt(0);
                }

                _pauses.Add(pause);
            }

            _lastBeat = time.GetTimestamp();
        }
    }

    /// <summary>How much of the time from so long ago until now counts.</summary>
    public TimeSpan Counted(TimeSpan elapsed)
    {
        var since = time.GetTimestamp() - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            var counted = elapsed;
            foreach (var (begin, end) in OpenPause() is { } open ? [.. _pauses, open] : _pauses)
            {
                if (end > since)
                {
                    counted -= time.GetElapsedTime(Math.Max(begin, since), end);
                }
            }

            return counted;
        }
    }

    /// <summary>Does something when so much time has counted; not any more once the result is disposed, unless it is being done already.</summary>
    public IDisposable After(TimeSpan delay, Action action)
    {
        var start = time.GetTimestamp();
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                var left = delay - Counted(time.GetElapsedTime(start));
                if (left > TimeSpan.Zero)
                {
                    timer!.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    return;
                }

                timer!.Dispose();
                action();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        return timer;
    }

    /// <summary>Completes when so much time has counted.</summary>
    public Task Delay(TimeSpan delay)
    {
        var elapsed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        After(delay, elapsed.SetResult);
        return elapsed.Task;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _lastBeat = 0;
        }
    }

    /// <summary>What goes on since the last beat is a pause already, though the next beat has not come.</summary>
    private (long Begin, long End)? OpenPause()
    {
        var now = time.GetTimestamp();
        return _lastBeat == 0 || time.GetElapsedTime(_lastBeat, now) < Beat + Lateness
            ? null
            : (_lastBeat + (long)(Beat.TotalSeconds * time.TimestampFrequency), now);
    }
}
