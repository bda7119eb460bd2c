namespace MultiProc.Unit.Workers;

/// <summary>
/// A clock on which every delay is over at once, on a thread of the thread pool, as a real timer's would be: threads that would wait for one another run at the
/// same time. Its timers that repeat never fire, and delays of whole hundredths of a second take their time: whatever looks at something from time to time must not do so all the time.
/// </summary>
internal sealed class InstantTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new InstantTimer(callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class InstantTimer(TimerCallback callback, object? state) : ITimer
    {
        private const long Hundredth = TimeSpan.TicksPerMillisecond * 10;

        private volatile bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan && period == Timeout.InfiniteTimeSpan)
            {
                _ = FireAsync(dueTime.Ticks % Hundredth == 0 ? dueTime : TimeSpan.Zero);
            }

            return true;
        }

        private async Task FireAsync(TimeSpan delay)
        {
            await Task.Run(() => Task.Delay(delay));
            if (!_isDisposed)
            {
                callback(state);
            }
        }

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
