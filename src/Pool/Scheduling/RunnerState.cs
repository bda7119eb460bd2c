namespace MultiProc.Scheduling;

/// <summary>What the dispatcher knows of one runner: the work it has, and how much more it may get. Guarded by the dispatcher's lock.</summary>
internal sealed class RunnerState(ICallRunner runner, Orders orders, int? budget, int widest)
{
    // Work that is sent in advance should keep a runner busy for about one round trip of a message.
    private const double PrefetchMicroseconds = 500;
    private const double Weight = 0.3;

    // For chunks of such items: one chunk may always wait, because it can be recalled quickly.
    private const double ShortItemMicroseconds = 1000;
    private const int ChunkPrefetch = 2;

    private const double ComputeBoundMicroseconds = 15;

    private double _microseconds = double.NaN;
    private double _itemMicroseconds = double.NaN;
    private TimeSpan _measuredRunTime = runner.RunTime ?? default;

    public ICallRunner Runner => runner;

    /// <summary>Work that was assigned and has not ended, oldest first.</summary>
    public InFlightWork Assigned { get; } = new();

    /// <summary>Work whose affinity key is bound to this runner.</summary>
    public WorkQueue Bound { get; } = new();

    /// <summary>The number of items that it may still begin; null: no limit.</summary>
    public int? Budget { get; set; } = budget;

    /// <summary>It gets no more work, and leaves once it has none.</summary>
    public bool IsRetiring { get; set; }

    /// <summary>Its owner is just being notified that it retires. The notification that it has retired comes after that.</summary>
    public bool IsAnnouncing { get; set; }

    /// <summary>Work that was assigned and has not been sent.</summary>
    public List<Work> Outgoing { get; } = [];

    /// <summary>Orders to the runner.</summary>
    public Orders Orders => orders;

    /// <summary>The order that sends <see cref="Outgoing"/>.</summary>
    public Action? SendOrder { get; set; }

    /// <summary>The runner is gone: it gets no order, and its owner no notification that it retires.</summary>
    public bool IsLost { get; set; }

    /// <summary>The timestamp at which it began the work that will end next.</summary>
    public long BusySince { get; set; }

    /// <summary>The earliest timestamp at which the first of its work can have begun: when that was sent, or when the work in front of it ended.</summary>
    public long HeadSince { get; set; }

    /// <summary>The item that runs, or will run next.</summary>
    public (Work? Work, int Item) Head => Assigned.Count == 0 ? default : (Assigned[0], Assigned[0].NextItem);

    /// <summary>The last item whose end it reported.</summary>
    public (long Unit, int Item) LastEnded { get; set; }

    /// <summary>The number of items whose end it has reported.</summary>
    public long ItemsEnded { get; set; }

    /// <summary>It has work that must run alone, and gets nothing else until that has ended.</summary>
    public bool IsExclusive { get; set; }

    /// <summary>Why it is being terminated; null: it is not.</summary>
    public StopOrder? Order { get; set; }

    /// <summary>How much work it may have at once: more than one if its calls have been short.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>How much of its work has been sent and has not ended.</summary>
    public int Sent => Assigned.Count - Outgoing.Count;

    public bool IsBusy => Sent > 0;

    /// <summary>Its calls have been so short that they can only have computed. A call that waits is put to sleep, and is woken later than that.</summary>
    public bool IsComputeBound => _itemMicroseconds <= ComputeBoundMicroseconds;

    public bool IsFree => Assigned.Count == 0 && !IsRetiring;

    /// <summary>It is filled in batches: there is room again once half of its work has ended.</summary>
    public bool HasRoom =>
        (!IsExclusive || Assigned.Count == 0) && (!IsRetiring || !Bound.IsEmpty) && (Assigned.Count <= Window / 2 || Outgoing.Count > 0) && Assigned.Count < Window && (Budget != 1 || Assigned.Count == 0);

    /// <summary>
    /// The number of items that it may get at once; null: no limit. The last item of its budget is sent alone: the runner retires
    /// with it, and must not have to give anything back then.
    /// </summary>
    public int? MaxItems => Budget > 1 ? Budget - 1 : Budget;

    /// <summary>Units have ended. A shorter time counts at once: an earlier, longer one may have included the turn of another process.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="items">The number of their items.</param>
    /// <param name="elapsed">The time in which they ended.</param>
    /// <returns>How long they ran; null: unknown.</returns>
    public TimeSpan? Measure(int units, int items, TimeSpan elapsed)
    {
        // While work is being recalled, the runner must not get what comes behind it.
        var ran = TakeRunTime(elapsed);
        if (ran is not { } time || Assigned.Exists(static work => work.IsRecalled))
        {
            return ran;
        }

        _microseconds = Average(_microseconds, time.TotalMicroseconds / units);
        _itemMicroseconds = Average(_itemMicroseconds, time.TotalMicroseconds / items);
        var least = items > units && time.TotalMicroseconds / items < ShortItemMicroseconds ? Math.Min(ChunkPrefetch, widest) : 1;
        Window = (int)Math.Clamp(PrefetchMicroseconds / Math.Max(_microseconds, 1), least, widest);
        return ran;
    }

    /// <summary>It is in a long call: recalled work must not be sent here again before that has ended.</summary>
    public void ShrinkWindow() => (Window, _microseconds, _itemMicroseconds) = (1, double.NaN, double.NaN);

    private static double Average(double former, double measured) => measured < former || double.IsNaN(former) ? measured : (Weight * measured) + ((1 - Weight) * former);

    // By its own account, if it keeps one. The time between sending and result grows with the number of runners that share a
    // processor. Null: the work was counted together with work that ended before it.
    private TimeSpan? TakeRunTime(TimeSpan elapsed)
    {
        if (runner.RunTime is not { } now)
        {
            return elapsed;
        }

        var taken = now - _measuredRunTime;
        _measuredRunTime = now;
        return taken == TimeSpan.Zero ? null : taken;
    }
}
