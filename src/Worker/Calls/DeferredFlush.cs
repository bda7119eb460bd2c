using System.Diagnostics;

namespace MultiProc.Worker.Calls;

/// <summary>
/// A deferred flush of results that were not flushed otherwise: a result must not wait for the end of the next call,
/// which may take hours.
/// </summary>
/// <param name="flush">
/// Called on a dedicated thread, never after <see cref="Dispose"/> has returned. It calls <see cref="Unschedule"/> at
/// its end.
/// </param>
internal sealed class DeferredFlush(Action flush) : IDisposable
{
    // Held during a flush: its sources may be closed once this object is disposed.
    private readonly Lock _flushing = new();

    // Not disposed: neither of the two threads can know that the other no longer uses it.
    private AutoResetEvent? _scheduled;
    private volatile bool _isDisposed;

    // A timestamp; 0: no flush is scheduled.
    private long _due;

    /// <summary>Schedules a flush after the given time at the latest. Not for concurrent callers.</summary>
    public void Schedule(TimeSpan timeout)
    {
        if (Volatile.Read(ref _due) != 0)
        {
            return;
        }

        Volatile.Write(ref _due, Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency));
        if (_scheduled is null)
        {
            _scheduled = new AutoResetEvent(true);
            new Thread(() => Run(_scheduled)) { Name = "mp-flush", IsBackground = true }.Start();
        }
        else
        {
            _scheduled.Set();
        }
    }

    /// <summary>Cancels the scheduled flush.</summary>
    public void Unschedule() => Volatile.Write(ref _due, 0);

    public void Dispose()
    {
        lock (_flushing)
        {
            _isDisposed = true;
        }

        _scheduled?.Set();
    }

    private void Run(AutoResetEvent scheduled)
    {
        while (true)
        {
            scheduled.WaitOne();
            if (_isDisposed)
            {
                return;
            }

            // The scheduled flush may have been cancelled, and another one scheduled, meanwhile.
            while (!_isDisposed && Volatile.Read(ref _due) is not 0 and var due)
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (left <= TimeSpan.Zero)
                {
                    lock (_flushing)
                    {
                        if (!_isDisposed)
                        {
                            flush();
                        }
                    }
                }
                else
                {
                    Thread.Sleep((int)Math.Ceiling(left.TotalMilliseconds));
                }
            }
        }
    }
}
