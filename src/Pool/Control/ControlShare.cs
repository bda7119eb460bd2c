using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>
/// The state that the clients of one pool's control pipe share: their memory budget and the snapshots for subscribers.
/// Thread-safe.
/// </summary>
internal sealed class ControlShare(IControlledPool pool)
{
    private const int MaxSnapshotAge = 10;

    private readonly Lock _gate = new();
    private PoolInfo? _latest;
    private long _snapshotAt;
    private int _subscribers;

    /// <summary>The shortest interval between notifications of one subscriber.</summary>
    public static TimeSpan MinInterval { get; } = TimeSpan.FromMilliseconds(20);

    public ControlBudget Budget { get; } = new(ControlLimits.MaxBytesOfPool);

    /// <summary>Counts a subscriber until the result is disposed.</summary>
    public IDisposable AddSubscriber() => new Subscriber(this);

    /// <summary>
    /// The delay before the next notification: the subscriber's own interval, or more if there are many subscribers.
    /// </summary>
    public TimeSpan Interval(TimeSpan wanted)
    {
        var min = TimeSpan.FromSeconds(Volatile.Read(ref _subscribers) / (double)ControlLimits.MaxChangesPerSecond);
        min = min > MinInterval ? min : MinInterval;
        return wanted > min ? wanted : min;
    }

    /// <summary>
    /// A snapshot of the pool that is at most a few milliseconds old, shared by subscribers that are notified at the
    /// same time.
    /// </summary>
    public PoolInfo Snapshot()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (_latest is null || now - _snapshotAt > MaxSnapshotAge)
            {
                (_latest, _snapshotAt) = (pool.Describe(), now);
            }

            return _latest;
        }
    }

    private sealed class Subscriber : IDisposable
    {
        private ControlShare? _share;

        public Subscriber(ControlShare share)
        {
            _share = share;
            Interlocked.Increment(ref share._subscribers);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _share, null) is { } share)
            {
                Interlocked.Decrement(ref share._subscribers);
            }
        }
    }
}
