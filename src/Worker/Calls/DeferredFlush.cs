using System.Diagnostics;

namespace MultiProc.Worker.Calls;

/// <summary>Flushes results that nobody else has flushed a little later: a result must not wait for the next call to end, which may take hours.</summary>
/// <param name="flush">Called on a thread of its own, never once <see cref="Dispose"/> has returned. Calls <see cref="Unschedule"/> in the end.</param>
internal sealed class DeferredFlush(Action flush) : IDisposable
{
    // Held during a flush: what it flushes from may be closed once this is disposed.
    private readonly Lock _flushing = new();

    // Not disposed of: whoever came last could not know that the other no longer needs it.
    private AutoResetEvent? _scheduled;
    private volatile bool _isDisposed;

    // A timestamp; 0: there is nothing to flush.
    private long _due;

    /// <summary>There is something to flush, in so long at the latest. Not for two threads at a time.</summary>
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

    /// <summary>There is nothing to flush any more.</summary>
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

            // What was scheduled may have been flushed meanwhile, and something else be scheduled.
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
