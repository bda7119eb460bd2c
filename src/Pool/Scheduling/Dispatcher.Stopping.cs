using MultiProc.Calls;

namespace MultiProc.Scheduling;

/// <summary>How work is stopped before it ends by itself: by its caller, or by its time limit.</summary>
/// <remarks>
/// How long an item has been running only its runner knows, and it may lie. So the dispatcher keeps an upper bound by its own clock: the first item that a runner
/// has has begun, for the dispatcher, a while after it was sent to an idle runner, or after the item in front of it ended.
/// </remarks>
internal sealed partial class Dispatcher
{
    /// <summary>So long may a runner take to begin an item...</summary>
    private static readonly TimeSpan BeginAllowance = TimeSpan.FromSeconds(5);

    /// <summary>...and a second longer for each so many bytes of its arguments.</summary>
    private const double AllowedBytesPerSecond = 20_000_000;

    /// <summary>A limit grows by what its runner spends on compiling meanwhile, by this at most.</summary>
    private static readonly TimeSpan MaxCompilation = TimeSpan.FromSeconds(5);

    /// <summary>A result that has been finished is heard of after so long at the latest.</summary>
    private static readonly TimeSpan ResultPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>How often it is looked again whether cancelled work has begun though its runner does not say so.</summary>
    private static readonly TimeSpan AbandonedInterval = TimeSpan.FromSeconds(1);

    /// <summary>Nobody waits for the work any more; the caller has been told. What waits is removed, what runs is stopped.</summary>
    public void Abandon(Work work)
    {
        for (var part = work; part is not null; part = part.SplitOff)
        {
            AbandonPart(part);
        }
    }

    private void AbandonPart(Work work)
    {
        Seat? seat;
        lock (_gate)
        {
            if (work.Stage is WorkStage.Ended or WorkStage.New || work.IsAbandoned)
            {
                return;
            }

            work.IsAbandoned = true;
            if (work.Stage == WorkStage.Queued)
            {
                RemoveFromQueue(work);
                Finish(work, failed: work.Remaining);
                return;
            }

            seat = work.Seat!;
        }

        seat.Runner.Cancel(work.Id, item: -1, token: 0);
        var grace = GraceOf(work);
        clock.After(grace, () => Guard(() => KillIfNotStopped(seat, work, item: -1, grace)));
    }

    private TimeSpan GraceOf(Work work) => work.Policy.GracePeriod ?? settings.GracePeriod;

    /// <summary>Watches how long the work's items run, if they have a limit, or slow ones are logged.</summary>
    // Apart from who calls it for each call, because what the timers capture is allocated on entry.
    private void WatchTime(Seat seat, Work work)
    {
        var sentAt = time.GetTimestamp();
        lock (_gate)
        {
            if (work.Stage != WorkStage.Assigned || work.Seat != seat)
            {
                return;
            }

            if (work.Policy.Timeout is { } limit)
            {
                work.LimitWatch = time.CreateTimer(_ => Guard(() => CheckLimit(seat, work, limit, sentAt)), null, limit, Timeout.InfiniteTimeSpan);
            }

            if (work.Policy.SlowThreshold is { } threshold)
            {
                work.SlowWatch = time.CreateTimer(_ => Guard(() => CheckSlow(seat, work, threshold, sentAt)), null, threshold, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The item of the work that counts as running, and for how long it does.</summary>
    /// <param name="seat">Where the work is.</param>
    /// <param name="work">The work.</param>
    /// <param name="sentAt">When it was sent: it cannot have begun before.</param>
    /// <param name="wait">When it is worth looking again, if nothing of it counts as running: in so long it will have run for <paramref name="duration"/> at the earliest.</param>
    /// <param name="duration">How long it may run.</param>
    private RunningItem? RunningIn(Seat seat, Work work, long sentAt, TimeSpan duration, out TimeSpan wait)
    {
        wait = duration;
        var told = seat.Runner.Running is { } now && now.Unit == work.Id && now.Item >= work.NextItem && now.Item < work.EndItem ? now : (RunningItem?)null;
        if (seat.Assigned[0] != work)
        {
            // Something is in front of it. If that has ended all the same, it will be heard of in a moment.
            wait = told is null ? duration : ResultPatience;
            return null;
        }

        var allowance = BeginAllowance + TimeSpan.FromSeconds((work.Unit.Body.Length + work.Unit.Function.Length) / AllowedBytesPerSecond);
        var bound = clock.Counted(time.GetElapsedTime(seat.HeadSince)) - allowance;
        if (told is { IsDecoded: true } item)
        {
            var sinceSent = time.GetElapsedTime(sentAt);
            var elapsed = clock.Counted(item.Elapsed < sinceSent ? item.Elapsed : sinceSent);
            return item with { Elapsed = elapsed > bound ? elapsed : bound };
        }

        if (bound >= TimeSpan.Zero)
        {
            return (told ?? new RunningItem(work.Id, work.NextItem, default) { HasToken = false }) with { Elapsed = bound };
        }

        wait = duration < duration - bound ? duration : duration - bound;
        return null;
    }

    // The clock of an item starts when its function is called in its runner. That cannot have been before it was sent, so the first look is never late; each
    // look says when the next one is due.
    private void CheckLimit(Seat seat, Work work, TimeSpan limit, long sentAt, TimeSpan? compiled = null)
    {
        RunningItem running;
        lock (_gate)
        {
            if (!IsWatched(seat, work))
            {
                return;
            }

            var allowed = limit + (compiled is { } spent ? Clamp(spent, MaxCompilation) : TimeSpan.Zero);
            if (RunningIn(seat, work, sentAt, limit, out var wait) is not { } item)
            {
                Rearm(work.LimitWatch, wait);
                return;
            }

            running = item;
            if (running.Elapsed < allowed)
            {
                Rearm(work.LimitWatch, allowed - running.Elapsed);
                return;
            }

            if (compiled is not null)
            {
                work.ExpiredItem = running.Item;
                work.HadToken = running.HasToken;
            }
        }

        if (compiled is null)
        {
            // Both look at the operating system, or ask the runner: not under the lock.
            if (seat.Runner.IsDebugged)
            {
                PutOffLimit(seat, work, limit);
            }
            else
            {
                seat.Runner.MeasureCompilation(answer => Guard(() => CheckLimit(seat, work, limit, sentAt, answer)));
            }

            return;
        }

        if (!running.HasToken)
        {
            // Nothing could see the signal.
            Kill(seat, work, running.Item, limit);
            return;
        }

        seat.Runner.Cancel(work.Id, running.Item, token: 0);
        var grace = GraceOf(work);
        if (settings.StackCaptureTimeout > TimeSpan.Zero)
        {
            // While the grace period runs, so that it costs no time after it; late in it, so that a function that stops in time is not held up.
            var delay = grace > settings.StackCaptureTimeout ? grace - settings.StackCaptureTimeout : TimeSpan.Zero;
            clock.After(delay, () => Guard(() => CaptureIfNotStopped(seat, work, running.Item)));
        }

        clock.After(grace, () => Guard(() => KillIfNotStopped(seat, work, running.Item, grace)));
    }

    private static bool IsWatched(Seat seat, Work work) => work.Stage == WorkStage.Assigned && work.Seat == seat && !work.IsAbandoned && work.ExpiredItem < 0;

    /// <summary>Whoever stands at a breakpoint gets the whole limit again afterwards.</summary>
    private void PutOffLimit(Seat seat, Work work, TimeSpan limit)
    {
        lock (_gate)
        {
            if (IsWatched(seat, work))
            {
                work.LimitWatch?.Change(limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static void Rearm(ITimer? watch, TimeSpan due) => watch?.Change(due + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);

    private static TimeSpan Clamp(TimeSpan value, TimeSpan most) => value < TimeSpan.Zero ? TimeSpan.Zero : value > most ? most : value;

    /// <summary>Logs an item that runs for longer than its threshold, once.</summary>
    private void CheckSlow(Seat seat, Work work, TimeSpan threshold, long sentAt)
    {
        RunningItem running;
        lock (_gate)
        {
            if (work.Stage != WorkStage.Assigned || work.Seat != seat || work.IsAbandoned)
            {
                return;
            }

            var item = RunningIn(seat, work, sentAt, threshold, out var wait);
            if (item is not { } slow || slow.Item == work.SlowItem || slow.Elapsed < threshold)
            {
                Rearm(work.SlowWatch, item is { } quick && quick.Item != work.SlowItem ? threshold - quick.Elapsed : wait);
                return;
            }

            running = slow;
            work.SlowItem = running.Item;
            if (work.Remaining > 1)
            {
                Rearm(work.SlowWatch, threshold);
            }
        }

        seat.Runner.ReportSlow(work.Policy.Label, running.Elapsed, threshold);
    }

    /// <summary>Whether what was told to stop has not, as far as has been heard.</summary>
    /// <param name="seat">Where the work is.</param>
    /// <param name="work">The work.</param>
    /// <param name="item">The item that ran past its limit; -1: the work was abandoned.</param>
    private static bool IsOpen(Seat seat, Work work, int item) =>
        work.Stage == WorkStage.Assigned && work.Seat == seat && seat.Order is null && (item < 0 || work.ExpiredItem == item);

    private void CaptureIfNotStopped(Seat seat, Work work, int item)
    {
        lock (_gate)
        {
            if (!IsOpen(seat, work, item))
            {
                return;
            }
        }

        seat.Runner.BeginStackCapture(work.Id, item);
    }

    /// <summary>If the runner is still in it when the grace period is over, it has to go.</summary>
    private void KillIfNotStopped(Seat seat, Work work, int item, TimeSpan grace, bool isSecondLook = false)
    {
        TimeSpan? wait = null;
        lock (_gate)
        {
            if (!IsOpen(seat, work, item))
            {
                return;
            }

            var running = seat.Runner.Running;
            if (item < 0 && running?.Unit != work.Id && RunningIn(seat, work, sentAt: 0, AbandonedInterval, out _) is null)
            {
                // It is behind something else, and about to be given back.
                wait = AbandonedInterval;
            }
            else if (item >= 0 && !isSecondLook && (running?.Unit != work.Id || running?.Item != item))
            {
                // It has ended just now, if that is true: then its result comes in a moment.
                (wait, isSecondLook) = (ResultPatience, true);
            }
        }

        if (wait is null && seat.Runner.IsDebugged)
        {
            wait = grace > AbandonedInterval ? grace : AbandonedInterval;
        }

        if (wait is { } delay)
        {
            clock.After(delay, () => Guard(() => KillIfNotStopped(seat, work, item, grace, isSecondLook)));
        }
        else
        {
            Kill(seat, work, item, grace);
        }
    }

    /// <param name="seat">Where the work is.</param>
    /// <param name="work">The work for which the runner is made to end.</param>
    /// <param name="item">The item that ran past its limit; -1: the work was abandoned.</param>
    /// <param name="grace">How long it had to stop by itself.</param>
    private void Kill(Seat seat, Work work, int item, TimeSpan grace)
    {
        var order = item >= 0
            ? new StopOrder(StopCause.TimeLimit, $"{work.Policy.Label} ran past its time limit of {Failures.Milliseconds(work.Policy.Timeout!.Value)}") { Call = (work.Id, item) }
            : new StopOrder(StopCause.Cancellation, $"{work.Policy.Label} was cancelled and had not ended after its grace period of {Failures.Milliseconds(grace)}");
        long[] waiting;
        lock (_gate)
        {
            if (!IsOpen(seat, work, item))
            {
                return;
            }

            waiting = Doom(seat, order);
        }

        End(seat.Runner, waiting, order);

        // What waited for it alone is free for others.
        Pump();
    }

    // Until it is gone the runner may well end what it is in: nothing else may begin there only to be killed with it.
    private long[] Doom(Seat seat, StopOrder order)
    {
        seat.Order = order;
        seat.IsRetiring = true;
        Unbind(seat);
        foreach (var work in seat.Assigned)
        {
            work.IsRecalled = true;
        }

        return [.. seat.Assigned.Select(static work => work.Id)];
    }

    private static void End(ICallRunner runner, long[] waiting, StopOrder order)
    {
        runner.Recall(waiting);
        runner.Kill(order);
    }

    private void After(TimeSpan delay, Action action)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                Guard(action);
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
