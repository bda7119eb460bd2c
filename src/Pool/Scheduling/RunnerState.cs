namespace MultiProc.Scheduling;

/// <summary>A runner's place at the dispatcher: what it was given and how much more it may get. Guarded by the dispatcher's lock.</summary>
internal sealed class RunnerState(ICallRunner runner, Orders orders, int? budget, int widest)
{
    // What is sent ahead should keep a runner busy for about as long as a message takes to come and go.
    private const double PrefetchMicroseconds = 500;
    private const double Weight = 0.3;

    // Chunks of such items: one may always wait, as it can be called back before long.
    private const double ShortItemMicroseconds = 1000;
    private const int ChunkPrefetch = 2;

    private const double ComputeBoundMicroseconds = 15;

    private double _microseconds = double.NaN;
    private double _itemMicroseconds = double.NaN;
    private TimeSpan _measuredRunTime = runner.RunTime ?? default;

    public ICallRunner Runner => runner;

    /// <summary>What was handed over and has not ended, oldest first.</summary>
    public InFlightWork Assigned { get; } = new();

    /// <summary>Work whose affinity key binds it to this runner.</summary>
    public WorkQueue Bound { get; } = new();

    /// <summary>The items it may still begin; null: no limit.</summary>
    public int? Budget { get; set; } = budget;

    /// <summary>It gets no more work and leaves once it has none.</summary>
    public bool IsRetiring { get; set; }

    /// <summary>Its owner is being told that it retires, and may not yet be told that it has.</summary>
    public bool IsAnnouncing { get; set; }

    /// <summary>What was assigned but has not been sent.</summary>
    public List<Work> Outgoing { get; } = [];

    /// <summary>What it is to be told.</summary>
    public Orders Orders => orders;

    /// <summary>The order to send what it was given.</summary>
    public Action? SendOrder { get; set; }

    /// <summary>It is gone: nobody tells it anything, and nobody is told that it retires.</summary>
    public bool IsLost { get; set; }

    /// <summary>Since when it has been busy with what will end next, as a timestamp.</summary>
    public long BusySince { get; set; }

    /// <summary>Since when the first of what it has can have begun, as a timestamp: when that was sent to it, or when it told the end of what was in front.</summary>
    public long HeadSince { get; set; }

    /// <summary>The item that it has begun, or will begin next.</summary>
    public (Work? Work, int Item) Head => Assigned.Count == 0 ? default : (Assigned[0], Assigned[0].NextItem);

    /// <summary>The item whose end it told last.</summary>
    public (long Unit, int Item) LastEnded { get; set; }

    /// <summary>Items whose end it has told.</summary>
    public long ItemsEnded { get; set; }

    /// <summary>It has work that must run alone: nothing else is given to it before that has ended.</summary>
    public bool IsExclusive { get; set; }

    /// <summary>It is being made to end; null: it is not.</summary>
    public StopOrder? Order { get; set; }

    /// <summary>How much work it may have at once: more than one when its calls have been short.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>How much it has been sent that has not ended.</summary>
    public int Sent => Assigned.Count - Outgoing.Count;

    public bool IsBusy => Sent > 0;

    /// <summary>Its calls have been so short that they can have done nothing but compute: whoever waits for something is put to sleep, and woken up later than that.</summary>
    public bool IsComputeBound => _itemMicroseconds <= ComputeBoundMicroseconds;

    public bool IsFree => Assigned.Count == 0 && !IsRetiring;

    /// <summary>Filled up in batches: there is room again when half of it has ended.</summary>
    public bool HasRoom =>
        (!IsExclusive || Assigned.Count == 0) && (!IsRetiring || !Bound.IsEmpty) && (Assigned.Count <= Window / 2 || Outgoing.Count > 0) && Assigned.Count < Window && (Budget != 1 || Assigned.Count == 0);

    /// <summary>
    /// The items it may be given at once; null: no limit. The last one of its budget goes to it alone: then it retires, and nothing of that can be called back,
    /// which would end it before its time.
    /// </summary>
    public int? Most => Budget > 1 ? Budget - 1 : Budget;

    /// <summary>So many units, with so many items, have ended. Shorter is believed at once: what made it look longer before may have been another process's turn.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="items">How many items they had.</param>
    /// <param name="elapsed">The time in which they ended.</param>
    /// <returns>How long they ran; null when that is not known.</returns>
    public TimeSpan? Measure(int units, int items, TimeSpan elapsed)
    {
        // If it is being called back, the runner must not get what comes behind that before that is back.
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

    /// <summary>It is in a long call: what is called back must not be sent here again before that has ended.</summary>
    public void ShrinkWindow() => (Window, _microseconds, _itemMicroseconds) = (1, double.NaN, double.NaN);

    private static double Average(double former, double measured) => measured < former || double.IsNaN(former) ? measured : (Weight * measured) + ((1 - Weight) * former);

    // By its own account, if it keeps one: unlike the time between what it is sent and what comes back, that does not grow with the number of runners that share a
    // processor. Null: what has ended was counted with what ended before it, as it had ended by then.
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
