namespace MultiProc.Scheduling;

/// <summary>Stops work before it ends by itself: because its caller cancelled it, or because of its time limit. Guarded by the dispatcher's lock.</summary>
/// <remarks>
/// <para>Only its runner knows how long an item has been running, and a runner may lie. So the clock of this process gives an upper bound: the
/// runner has begun its first item at the latest a fixed time after that was sent to it when idle, or after the item before it ended.</para>
/// <para>The steps of a limit, each a deadline or an answer: <see cref="CheckLimit"/>, the token is signalled, <see cref="CheckStopped"/>, the runner is terminated.</para>
/// </remarks>
/// <param name="deadlines">The deadlines of the checks.</param>
/// <param name="settings">The grace period, and the time for capturing the stack of a stuck call.</param>
/// <param name="time">The clock by which items run.</param>
/// <param name="clock">Decides which time counts.</param>
/// <param name="terminate">Terminates a runner.</param>
/// <param name="loop">The lock for answers of runners, and the actions after its release.</param>
internal sealed class TimeLimits(
    Deadlines deadlines, DispatcherSettings settings, TimeProvider time, HostClock clock, Action<RunnerState, StopOrder> terminate, Loop loop)
{
    /// <summary>The longest time that a runner may take to begin an item...</summary>
    private static readonly TimeSpan BeginAllowance = TimeSpan.FromSeconds(5);

    /// <summary>...plus a second for each of this many bytes of its arguments.</summary>
    private const double AllowedBytesPerSecond = 20_000_000;

    /// <summary>The maximum by which a limit grows for compilation in the runner.</summary>
    private static readonly TimeSpan MaxCompilation = TimeSpan.FromSeconds(5);

    /// <summary>The longest time from the end of an item until its record arrives.</summary>
    private static readonly TimeSpan ResultTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>The interval of checks whether cancelled work has begun although its runner does not say so.</summary>
    private static readonly TimeSpan AbandonedInterval = TimeSpan.FromSeconds(1);

    /// <summary>The delay of another check after one that came too early.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(1);

    /// <summary>The work has been sent: its items are timed from now on.</summary>
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

    /// <summary>Items have ended. If one of them ran past its limit, the time of the next item starts now.</summary>
    public void OnItemsEnded(RunnerState state, Work work)
    {
        if (work.ExpiredItem >= 0 && work.ExpiredItem < work.NextItem)
        {
            work.ExpiredItem = -1;
            var limit = work.Policy.Timeout!.Value;
            CheckLimitIn(limit, state, work, limit);
        }
    }

    /// <summary>The caller no longer waits for work that a runner has: the runner is asked to stop, and is terminated after the grace period.</summary>
    public void Stop(RunnerState state, Work work)
    {
        state.Orders.Enqueue(() => state.Runner.Cancel(work.Id, item: -1, token: 0));
        CheckStoppedAfterGrace(state, work, item: -1);
    }

    /// <summary>The work is assigned to no runner any more.</summary>
    public void Forget(Work work)
    {
        foreach (var deadline in work.Deadlines)
        {
            deadlines.Cancel(deadline);
        }

        work.Deadlines = [];
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan max) => value < TimeSpan.Zero ? TimeSpan.Zero : value > max ? max : value;

    private static bool IsWith(RunnerState state, Work work) => work.Stage == WorkStage.Assigned && work.RunnerState == state;

    /// <summary>Whether work that was asked to stop is still running, as far as is known.</summary>
    /// <param name="state">The runner of the work.</param>
    /// <param name="work">The work.</param>
    /// <param name="item">The item that ran past its limit; -1: the caller no longer waits.</param>
    private static bool IsOpen(RunnerState state, Work work, int item) => IsWith(state, work) && state.Order is null && (item < 0 || work.ExpiredItem == item);

    private static void Keep(Work work, Deadline deadline) => work.Deadlines = [.. work.Deadlines.Where(static other => other.Action is not null), deadline];

    private void CheckLimitIn(TimeSpan delay, RunnerState state, Work work, TimeSpan limit) =>
        Keep(work, deadlines.After(delay, () => CheckLimit(state, work, limit), isCounted: false));

    private void CheckSlowIn(TimeSpan delay, RunnerState state, Work work, TimeSpan threshold) =>
        Keep(work, deadlines.After(delay, () => CheckSlow(state, work, threshold), isCounted: false));

    // The time of an item starts when its runner calls the function, which cannot be before it was sent. So the first check is never late,
    // and each check knows when the next one is due.
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
            // Both ask the operating system or the runner, so they run without the lock.
            state.Orders.Enqueue(() =>
            {
                var isDebugged = state.Runner.IsDebugged;
                state.Orders.Afterwards(() =>
                {
                    if (isDebugged)
                    {
                        // After a breakpoint the call gets its whole limit again.
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
            // No code can see the signal.
            terminate(state, OrderFor(work, running.Item));
            return;
        }

        state.Orders.Enqueue(() => state.Runner.Cancel(work.Id, running.Item, token: 0));
        if (settings.StackCaptureTimeout > TimeSpan.Zero)
        {
            // The stack is captured during the grace period, so that it takes no time afterwards; and late in it, so that a function that stops in time is not delayed.
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

    /// <summary>Logs an item that runs longer than its threshold, once.</summary>
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

    /// <summary>Terminates the runner if it is still in the item after the grace period.</summary>
    private void CheckStopped(RunnerState state, Work work, int item, bool isSecondLook)
    {
        if (!IsOpen(state, work, item))
        {
            return;
        }

        var running = state.Runner.Running;
        if (item < 0 && running?.Unit != work.Id && RunningIn(state, work, AbandonedInterval, out _) is null)
        {
            // The item waits behind another one, and is about to be returned.
            CheckStoppedIn(AbandonedInterval, state, work, item, isSecondLook);
        }
        else if (item >= 0 && !isSecondLook && (running?.Unit != work.Id || running?.Item != item))
        {
            // It may have ended just now: then its record arrives in a moment.
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

    /// <summary>The item of the work that counts as running, and for how long.</summary>
    /// <param name="state">The runner of the work.</param>
    /// <param name="work">The work.</param>
    /// <param name="duration">How long it may run.</param>
    /// <param name="wait">The time of the next check if no item counts as running: the earliest at which one can have run for <paramref name="duration"/>.</param>
    private RunningItem? RunningIn(RunnerState state, Work work, TimeSpan duration, out TimeSpan wait)
    {
        wait = duration;
        var reported = state.Runner.Running is { } now && now.Unit == work.Id && now.Item >= work.NextItem && now.Item < work.EndItem ? now : (RunningItem?)null;
        if (state.Assigned[0] != work)
        {
            // Another unit is in front of it. If that has ended, its record arrives in a moment.
            wait = reported is null ? duration : ResultTimeout;
            return null;
        }

        var allowance = BeginAllowance + TimeSpan.FromSeconds((work.Unit.Body.Length + work.Unit.Function.Length) / AllowedBytesPerSecond);
        var bound = clock.Counted(time.GetElapsedTime(state.HeadSince)) - allowance;
        if (reported is { IsDecoded: true } item)
        {
            // It cannot have begun before it was sent.
            var sinceSent = time.GetElapsedTime(work.SentAt);
            var elapsed = clock.Counted(item.Elapsed < sinceSent ? item.Elapsed : sinceSent);
            return item with { Elapsed = elapsed > bound ? elapsed : bound };
        }

        if (bound >= TimeSpan.Zero)
        {
            return (reported ?? new RunningItem(work.Id, work.NextItem, default) { HasToken = false }) with { Elapsed = bound };
        }

        wait = duration < duration - bound ? duration : duration - bound;
        return null;
    }
}
