namespace MultiProc.Scheduling;

/// <summary>
/// The clock for limits. It leaves out the time in which this process did not run: at a breakpoint, stopped, or while the machine slept.
/// Records of workers were not read during that time, so it must not count against them. Thread-safe.
/// </summary>
internal sealed class HostClock(TimeProvider time) : IDisposable
{
    private const int KeptPauses = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    // A smaller delay of a beat comes from a busy machine.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(750);

    private readonly Lock _gate = new();
    private readonly List<(long Begin, long End)> _pauses = [];
    private ITimer? _timer;
    private long _lastBeat;
    private bool _isDisposed;

    /// <summary>Starts the beat. Before that, and after <see cref="Dispose"/>, all time counts.</summary>
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
                    // An exception here would end the application. The next beat sees the pause, too.
                }
            },
            this, Beat, Beat);
    }

    /// <summary>The process runs at this moment.</summary>
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

    /// <summary>The part of the last <paramref name="elapsed"/> that counts.</summary>
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

    /// <summary>Runs an action when the delay has counted; disposing the result cancels it, unless it runs already.</summary>
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

    /// <summary>Completes when the delay has counted.</summary>
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

    /// <summary>The time since the last beat is a pause already if the next beat is overdue.</summary>
    private (long Begin, long End)? OpenPause()
    {
        var now = time.GetTimestamp();
        return _lastBeat == 0 || time.GetElapsedTime(_lastBeat, now) < Beat + Lateness
            ? null
            : (_lastBeat + (long)(Beat.TotalSeconds * time.TimestampFrequency), now);
    }
}
