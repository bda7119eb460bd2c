namespace MultiProc.Scheduling;

/// <summary>How work is stopped before it ends by itself: by its caller, or by its time limit.</summary>
internal sealed partial class Dispatcher
{
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
        InsistAfterGrace(seat, work, item: -1);
    }

    /// <summary>Watches how long the work's items run, if they have a limit.</summary>
    // Apart from who calls it for each call, because what the timer captures is allocated on entry.
    private void WatchLimit(Seat seat, Work work, TimeSpan limit)
    {
        lock (_gate)
        {
            if (work.Stage == WorkStage.Assigned && work.Seat == seat)
            {
                work.LimitWatch = time.CreateTimer(_ => CheckLimit(seat, work, limit), null, limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // The clock of an item starts when it begins in its worker, which only the runner knows. It cannot have begun before it was sent,
    // so the first look is never late; each look says when the next one is due.
    private void CheckLimit(Seat seat, Work work, TimeSpan limit)
    {
        int item;
        lock (_gate)
        {
            if (work.Stage != WorkStage.Assigned || work.Seat != seat || work.IsAbandoned || work.ExpiredItem >= 0)
            {
                return;
            }

            var running = seat.Runner.Running is { } now && now.Unit == work.Id ? now : default;
            var left = running.Unit == 0 ? limit : limit - clock.Counted(running.Elapsed);
            if (left > TimeSpan.Zero)
            {
                work.LimitWatch?.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            if (seat.Runner.IsDebugged)
            {
                // Whoever stands at a breakpoint gets the whole limit again afterwards.
                work.LimitWatch?.Change(limit, Timeout.InfiniteTimeSpan);
                return;
            }

            item = work.ExpiredItem = running.Item;
        }

        seat.Runner.Cancel(work.Id, item, token: 0);
        InsistAfterGrace(seat, work, item);
    }

    /// <summary>If the runner is still in it when the grace period is over, it has to go.</summary>
    private void InsistAfterGrace(Seat seat, Work work, int item) =>
        clock.After(settings.GracePeriod, () =>
        {
            long[]? waiting = null;
            lock (_gate)
            {
                var running = seat.Runner.Running;
                if (work.Stage != WorkStage.Assigned || work.Seat != seat || running?.Unit != work.Id || (item >= 0 && running?.Item != item))
                {
                    return;
                }

                if (!seat.Runner.IsDebugged)
                {
                    waiting = Doom(seat);
                }
            }

            if (waiting is null)
            {
                InsistAfterGrace(seat, work, item);
            }
            else
            {
                // Of a call that was cancelled nobody would see where it was stuck.
                End(seat.Runner, waiting, captureStack: item >= 0);
            }
        });

    // Until it is gone the runner may well end what it is in: nothing else may begin there only to be killed with it.
    private long[] Doom(Seat seat)
    {
        seat.IsRetiring = true;
        Unbind(seat);
        return [.. seat.Assigned.Select(static work => work.Id)];
    }

    private static void End(ICallRunner runner, long[] waiting, bool captureStack)
    {
        runner.Recall(waiting);
        runner.Kill(captureStack);
    }

    private void After(TimeSpan delay, Action action)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                action();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
