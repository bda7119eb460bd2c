namespace MultiProc.Scheduling;

/// <summary>Stops work before it ends by itself: for its caller, or for its time limit. Guarded by the dispatcher's lock.</summary>
/// <remarks>
/// <para>How long an item has been running only its runner knows, and it may lie. So an upper bound is kept by this process's clock: the first item that a runner has
/// has begun, for the dispatcher, a while after it was sent to an idle runner, or after the item in front of it ended.</para>
/// <para>The steps for a limit, each a deadline or an answer: <see cref="CheckLimit"/>, the token is signalled, <see cref="CheckStopped"/>, the runner is terminated.</para>
/// </remarks>
/// <param name="deadlines">When to look.</param>
/// <param name="settings">The grace period, and how long may be spent on finding out where a call is stuck.</param>
/// <param name="time">By which it is measured how long items run.</param>
/// <param name="clock">Which time counts.</param>
/// <param name="terminate">Makes a runner end.</param>
/// <param name="loop">For answers that come without the lock, and for what is done once it is released.</param>
internal sealed class TimeLimits(
    Deadlines deadlines, DispatcherSettings settings, TimeProvider time, HostClock clock, Action<RunnerState, StopOrder> terminate, Loop loop)
{
    /// <summary>So long may a runner take to begin an item...</summary>
    private static readonly TimeSpan BeginAllowance = TimeSpan.FromSeconds(5);

    /// <summary>...and a second longer for each so many bytes of its arguments.</summary>
    private const double AllowedBytesPerSecond = 20_000_000;

    /// <summary>A limit grows by what its runner spends on compiling meanwhile, by this at most.</summary>
    private static readonly TimeSpan MaxCompilation = TimeSpan.FromSeconds(5);

    /// <summary>A result that has been finished is heard of after so long at the latest.</summary>
    private static readonly TimeSpan ResultTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>How often it is looked again whether cancelled work has begun though its runner does not say so.</summary>
    private static readonly TimeSpan AbandonedInterval = TimeSpan.FromSeconds(1);

    /// <summary>A look that came too early comes again a little later than it seems to have to.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(1);

    /// <summary>The work has been sent: from now on it is watched how long its items run.</summary>
    public void Watch(RunnerState state, Work work)
    {
        work.SentAt = time.GetTimestamp();
        if (work.Policy.Timeout is { } limit)
        {
            CheckLimitIn(limit, state, work, limit);
        }

        if (work.Policy.SlowThreshold is { } threshold)
        {
            CheckSlowIn(threshold, state, work, threshold);
        }
    }

    /// <summary>Items before the next one have ended: the clock of that one runs anew, if one of them ran past the limit.</summary>
    public void OnItemsEnded(RunnerState state, Work work)
    {
        if (work.ExpiredItem >= 0 && work.ExpiredItem < work.NextItem)
        {
            work.ExpiredItem = -1;
            var limit = work.Policy.Timeout!.Value;
            CheckLimitIn(limit, state, work, limit);
        }
    }

    /// <summary>Nobody waits any more for work that a runner has: it is asked to stop, and has to after the grace period.</summary>
    public void Stop(RunnerState state, Work work)
    {
        state.Orders.Enqueue(() => state.Runner.Cancel(work.Id, item: -1, token: 0));
        CheckStoppedAfterGrace(state, work, item: -1);
    }

    /// <summary>The work is with no runner any more.</summary>
    public void Forget(Work work)
    {
        foreach (var deadline in work.Deadlines)
        {
            deadlines.Cancel(deadline);
        }

        work.Deadlines = [];
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan most) => value < TimeSpan.Zero ? TimeSpan.Zero : value > most ? most : value;

    private static bool IsWith(RunnerState state, Work work) => work.Stage == WorkStage.Assigned && work.RunnerState == state;

    /// <summary>Whether what was told to stop has not, as far as has been heard.</summary>
    /// <param name="state">Where the work is.</param>
    /// <param name="work">The work.</param>
    /// <param name="item">The item that ran past its limit; -1: the work was abandoned.</param>
    private static bool IsOpen(RunnerState state, Work work, int item) => IsWith(state, work) && state.Order is null && (item < 0 || work.ExpiredItem == item);

    private static void Keep(Work work, Deadline deadline) => work.Deadlines = [.. work.Deadlines.Where(static other => other.Action is not null), deadline];

    private void CheckLimitIn(TimeSpan delay, RunnerState state, Work work, TimeSpan limit) =>
        Keep(work, deadlines.After(delay, () => CheckLimit(state, work, limit), isCounted: false));

    private void CheckSlowIn(TimeSpan delay, RunnerState state, Work work, TimeSpan threshold) =>
        Keep(work, deadlines.After(delay, () => CheckSlow(state, work, threshold), isCounted: false));

    // The clock of an item starts when its function is called in its runner. That cannot have been before it was sent, so the first look is never late; each
    // look says when the next one is due.
    private void CheckLimit(RunnerState state, Work work, TimeSpan limit, TimeSpan? compiled = null)
    {
        if (!IsWith(state, work) || work.IsAbandoned || work.ExpiredItem >= 0)
        {
            return;
        }

        if (RunningIn(state, work, limit, out var wait) is not { } running)
        {
            CheckLimitIn(wait + Margin, state, work, limit);
            return;
        }

        var allowed = limit + (compiled is { } spent ? Clamp(spent, MaxCompilation) : TimeSpan.Zero);
        if (running.Elapsed < allowed)
        {
            CheckLimitIn(allowed - running.Elapsed + Margin, state, work, limit);
        }
        else if (compiled is null)
        {
            // Both look at the operating system, or ask the runner: not under the lock.
            state.Orders.Enqueue(() =>
            {
                var isDebugged = state.Runner.IsDebugged;
                state.Orders.Afterwards(() =>
                {
                    if (isDebugged)
                    {
                        // Whoever stands at a breakpoint gets the whole limit again afterwards.
                        loop.Run(() => CheckLimitIn(limit, state, work, limit));
                    }
                    else
                    {
                        state.Runner.MeasureCompilation(answer => loop.Run(() => CheckLimit(state, work, limit, answer)));
                    }
                });
            });
        }
        else
        {
            work.ExpiredItem = running.Item;
            work.HadToken = running.HasToken;
            EndExpired(state, work, running);
        }
    }

    private void EndExpired(RunnerState state, Work work, RunningItem running)
    {
        if (!running.HasToken)
        {
            // Nothing could see the signal.
            terminate(state, OrderFor(work, running.Item));
            return;
        }

        state.Orders.Enqueue(() => state.Runner.Cancel(work.Id, running.Item, token: 0));
        if (settings.StackCaptureTimeout > TimeSpan.Zero)
        {
            // While the grace period runs, so that it costs no time after it; late in it, so that a function that stops in time is not held up.
            var grace = GraceOf(work);
            var delay = grace > settings.StackCaptureTimeout ? grace - settings.StackCaptureTimeout : TimeSpan.Zero;
            Keep(work, deadlines.After(delay, () =>
            {
                if (IsOpen(state, work, running.Item))
                {
                    state.Orders.Enqueue(() => state.Runner.BeginStackCapture(work.Id, running.Item));
                }
            }));
        }

        CheckStoppedAfterGrace(state, work, running.Item);
    }

    /// <summary>Logs an item that runs for longer than its threshold, once.</summary>
    private void CheckSlow(RunnerState state, Work work, TimeSpan threshold)
    {
        if (!IsWith(state, work) || work.IsAbandoned)
        {
            return;
        }

        var item = RunningIn(state, work, threshold, out var wait);
        if (item is not { } running || running.Item == work.SlowItem || running.Elapsed < threshold)
        {
            CheckSlowIn((item is { } quick && quick.Item != work.SlowItem ? threshold - quick.Elapsed : wait) + Margin, state, work, threshold);
            return;
        }

        work.SlowItem = running.Item;
        if (work.Remaining > 1)
        {
            CheckSlowIn(threshold + Margin, state, work, threshold);
        }

        loop.Afterwards(() => state.Runner.ReportSlow(work.Policy.Label, running.Elapsed, threshold));
    }

    private void CheckStoppedAfterGrace(RunnerState state, Work work, int item) => CheckStoppedIn(GraceOf(work), state, work, item, isSecondLook: false);

    private void CheckStoppedIn(TimeSpan delay, RunnerState state, Work work, int item, bool isSecondLook) =>
        Keep(work, deadlines.After(delay, () => CheckStopped(state, work, item, isSecondLook)));

    /// <summary>If the runner is still in it when the grace period is over, it has to go.</summary>
    private void CheckStopped(RunnerState state, Work work, int item, bool isSecondLook)
    {
        if (!IsOpen(state, work, item))
        {
            return;
        }

        var running = state.Runner.Running;
        if (item < 0 && running?.Unit != work.Id && RunningIn(state, work, AbandonedInterval, out _) is null)
        {
            // It is behind something else, and about to be given back.
            CheckStoppedIn(AbandonedInterval, state, work, item, isSecondLook);
        }
        else if (item >= 0 && !isSecondLook && (running?.Unit != work.Id || running?.Item != item))
        {
            // It has ended just now, if that is true: then its result comes in a moment.
            CheckStoppedIn(ResultTimeout, state, work, item, isSecondLook: true);
        }
        else
        {
            state.Orders.Enqueue(() =>
            {
                var isDebugged = state.Runner.IsDebugged;
                state.Orders.Afterwards(() => loop.Run(() =>
                {
                    var grace = GraceOf(work);
                    if (isDebugged)
                    {
                        CheckStoppedIn(grace > AbandonedInterval ? grace : AbandonedInterval, state, work, item, isSecondLook);
                    }
                    else if (IsOpen(state, work, item))
                    {
                        terminate(state, OrderFor(work, item));
                    }
                }));
            });
        }
    }

    private StopOrder OrderFor(Work work, int item) => item >= 0
        ? new StopOrder(StopCause.TimeLimit, $"{work.Policy.Label} ran past its time limit of {Failures.Milliseconds(work.Policy.Timeout!.Value)}") { Call = (work.Id, item) }
        : new StopOrder(StopCause.Cancellation, $"{work.Policy.Label} was cancelled and had not ended after its grace period of {Failures.Milliseconds(GraceOf(work))}");

    private TimeSpan GraceOf(Work work) => work.Policy.GracePeriod ?? settings.GracePeriod;

    /// <summary>The item of the work that counts as running, and for how long it does.</summary>
    /// <param name="state">Where the work is.</param>
    /// <param name="work">The work.</param>
    /// <param name="duration">How long it may run.</param>
    /// <param name="wait">When it is worth looking again, if nothing of it counts as running: in so long it will have run for <paramref name="duration"/> at the earliest.</param>
    private RunningItem? RunningIn(RunnerState state, Work work, TimeSpan duration, out TimeSpan wait)
    {
        wait = duration;
        var told = state.Runner.Running is { } now && now.Unit == work.Id && now.Item >= work.NextItem && now.Item < work.EndItem ? now : (RunningItem?)null;
        if (state.Assigned[0] != work)
        {
            // Something is in front of it. If that has ended all the same, it will be heard of in a moment.
            wait = told is null ? duration : ResultTimeout;
            return null;
        }

        var allowance = BeginAllowance + TimeSpan.FromSeconds((work.Unit.Body.Length + work.Unit.Function.Length) / AllowedBytesPerSecond);
        var bound = clock.Counted(time.GetElapsedTime(state.HeadSince)) - allowance;
        if (told is { IsDecoded: true } item)
        {
            // It cannot have begun before it was sent.
            var sinceSent = time.GetElapsedTime(work.SentAt);
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
}
