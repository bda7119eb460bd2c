using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>What the clients of one pool's control pipe have in common: how much they may hold together, and what subscribers are told. Thread-safe.</summary>
internal sealed class ControlShare(IControlledPool pool)
{
    private const int MaxSnapshotAge = 10;

    private readonly Lock _gate = new();
    private PoolInfo? _latest;
    private long _snapshotAt;
    private int _subscribers;

    /// <summary>The shortest interval at which a subscriber is told.</summary>
    public static TimeSpan MinInterval { get; } = TimeSpan.FromMilliseconds(20);

    public ControlBudget Budget { get; } = new(ControlLimits.MaxBytesOfPool);

    /// <summary>Counts a subscriber, until what is returned is disposed.</summary>
    public IDisposable AddSubscriber() => new Subscriber(this);

    /// <summary>How long to wait before a subscriber is told again: what it asked for, or more where there are many.</summary>
    public TimeSpan Interval(TimeSpan wanted)
    {
        var min = TimeSpan.FromSeconds(Volatile.Read(ref _subscribers) / (double)ControlLimits.MaxChangesPerSecond);
        min = min > MinInterval ? min : MinInterval;
        return wanted > min ? wanted : min;
    }

    /// <summary>What the pool is doing, as it was a moment ago at most: subscribers who are told at the same time share one look.</summary>
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
