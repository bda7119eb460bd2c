using MultiProc.Calls;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>What runners report: results, and their own end.</summary>
internal sealed partial class Dispatcher
{
    private bool IsRecorded => settings.Recorder is not null;

    /// <summary>A runner's items have ended. Records may come twice (from the pipe and from a dead worker's journal): each item is told once.</summary>
    public void OnRecords(ICallRunner runner, IEnumerable<ResultRecord> records)
    {
        var endings = RentEndings();
        long[]? doomed = null;
        var ended = 0;
        var items = 0;
        var runs = 0;
        TimeSpan elapsed = default;
        List<Work>? endedWork = null;
        lock (_gate)
        {
            if (SeatOf(runner) is not { } seat)
            {
                return;
            }

            try
            {
                foreach (var record in records)
                {
                    if (seat.Assigned.Find(record.Id) is not { } work)
                    {
                        continue;
                    }

                    if (record.Kind == RecordKind.Took)
                    {
                        work.ItemMilliseconds = record.ItemMilliseconds;
                        continue;
                    }

                    ApplyParts(seat, work, record, endings);
                    if (work.Stage == WorkStage.Ended)
                    {
                        ended++;
                        items += work.Unit.Count;
                        runs += work.IsOfMap ? 1 : work.Unit.Count;
                        if (work.IsOfMap || settings.Insights is not null)
                        {
                            (endedWork ??= []).Add(work);
                        }
                    }
                }
            }
            catch (InvalidDataException)
            {
                // What it said before counts; what it goes on to say cannot be understood. Its loss will be reported.
                doomed = Doom(seat);
            }

            if (ended > 0)
            {
                var now = time.GetTimestamp();
                elapsed = time.GetElapsedTime(seat.BusySince, now);
                if (seat.Measure(ended, items, elapsed) is { } ran)
                {
                    // Those that had more than one item have said so themselves.
                    endedWork?.FindAll(static work => double.IsNaN(work.ItemMilliseconds)).ForEach(work => work.ItemMilliseconds = ran.TotalMilliseconds / items);
                }

                seat.BusySince = now;
                SeeWhetherToJoin(seat);
            }
        }

        if (doomed is not null)
        {
            End(runner, doomed, captureStack: false);
        }

        settings.Metrics?.NoteRun(runs, elapsed);
        if (endedWork is not null)
        {
            settings.Insights?.NoteEnded(runner.Slot, endedWork, elapsed);
        }

        RetireIfTooLarge(runner);
        Tell(endings);
        ReturnEndings(endings);
        Pump();
    }

    /// <summary>
    /// A runner is gone, and everything it had sent or left behind has been reported. Exactly the item it was in fails, or is tried again if its caller
    /// allowed that; what only waited there goes back to its place in the queue.
    /// </summary>
    public void OnLost(ICallRunner runner, RunnerExit exit, RunningItem? running)
    {
        List<Ending> endings = [];
        lock (_gate)
        {
            if (SeatOf(runner) is not { } seat)
            {
                return;
            }

            _seats.Remove(seat);
            Unbind(seat);
            seat.Outgoing.Clear();
            for (var i = seat.Assigned.Count - 1; i >= 0; i--)
            {
                var work = seat.Assigned[i];
                if (running is { } item && item.Unit == work.Id && item.Item == work.NextItem)
                {
                    settings.Insights?.NoteEnded(runner.Slot, [work], item.Elapsed);
                    LoseItem(work, item, exit, endings);
                }

                if (work.Remaining > 0)
                {
                    PutBack(work, endings);
                }
            }
        }

        Tell(endings);
        Pump();
    }

    /// <summary>An item that ran past its limit ends differently from the neighbours that share its record.</summary>
    private void ApplyParts(Seat seat, Work work, ResultRecord record, List<Ending> endings)
    {
        while (record is { Kind: RecordKind.Values, Count: > 1 }
            && work.ExpiredItem >= record.FirstItem && work.ExpiredItem < record.FirstItem + record.Count)
        {
            (var front, record) = record.SplitBehind(Math.Max(1, work.ExpiredItem - record.FirstItem));
            Apply(seat, work, front, endings);
        }

        Apply(seat, work, record, endings);
    }

    private void Apply(Seat seat, Work work, ResultRecord record, List<Ending> endings)
    {
        if (record.Kind == RecordKind.Returned)
        {
            TakeBack(seat, work, record, endings);
            return;
        }

        if (record.FirstItem != work.NextItem || record.Count > work.Remaining)
        {
            return;
        }

        var failed = record.Kind == RecordKind.Values ? 0 : record.Count;
        if (!work.IsAbandoned)
        {
            var ending = EndingOf(work, record);
            failed = ending.IsFailure ? record.Count : 0;
            Note(ending, endings);
        }

        _completed += record.Count - failed;
        _failed += failed;
        _outstanding -= record.Count;
        work.NextItem += record.Count;
        work.Attempts = [];
        if (work.ExpiredItem >= 0 && work.ExpiredItem < work.NextItem)
        {
            // The clock of the items behind it runs again.
            work.ExpiredItem = -1;
            work.LimitWatch?.Change(work.Policy.Timeout!.Value, Timeout.InfiniteTimeSpan);
        }

        if (work.Remaining == 0)
        {
            seat.Assigned.Remove(work);
            Finish(work, failed: 0);
        }
    }

    // Comes as soon as it is called back: the items before it may still run, and go on as a unit that is over with them.
    private void TakeBack(Seat seat, Work work, ResultRecord record, List<Ending> endings)
    {
        if (record.FirstItem < work.NextItem || record.FirstItem + record.Count != work.EndItem)
        {
            return;
        }

        var returned = work;
        if (record.FirstItem > work.NextItem)
        {
            returned = work.SplitBehind(record.FirstItem - work.Unit.FirstItem, NextId());
        }
        else
        {
            seat.Assigned.Remove(work);
        }

        if (seat.Budget is { } budget)
        {
            // It did not begin them: they do not count.
            seat.Budget = budget + returned.Remaining;
        }

        returned.IsShared = work.IsRecalled && returned.IsDivisible;
        PutBack(returned, endings);
    }

    private Ending EndingOf(Work work, ResultRecord record)
    {
        // It stopped, but too late: whatever it brought, it ran past its limit.
        if (work.ExpiredItem == record.FirstItem && record.Count == 1)
        {
            return Ending.Failure(work, record.FirstItem, Failures.TimedOut(work, CallStop.CancellationToken), IsRecorded);
        }

        return record.Kind == RecordKind.Values
            ? Ending.Values(work, record.FirstItem, record.Count, record.Body)
            : Ending.Failure(work, record.FirstItem, Failures.Of(work, record), IsRecorded);
    }

    private void LoseItem(Work work, RunningItem item, RunnerExit exit, List<Ending> endings)
    {
        var expired = work.ExpiredItem == item.Item;
        work.Attempts = [.. work.Attempts, $"worker w{exit.Slot} (process {exit.ProcessId}), {exit.Description} after {item.Elapsed.TotalMilliseconds:0} ms"];
        if (!expired && !work.IsAbandoned && work.Attempts.Count < work.Policy.MaxAttempts)
        {
            _retried++;
            return;
        }

        if (!work.IsAbandoned)
        {
            Exception error = expired ? Failures.TimedOut(work, exit.StoppedBy ?? CallStop.Kill, exit.StackTrace) : Failures.Lost(work, exit);
            Note(Ending.Failure(work, item.Item, error, IsRecorded), endings);
        }

        _failed++;
        _outstanding--;
        work.NextItem++;
        work.Attempts = [];
        if (work.Remaining == 0)
        {
            Finish(work, failed: 0);
        }
    }

    /// <summary>Work that has items left waits again, in its old place.</summary>
    private void PutBack(Work work, List<Ending> endings)
    {
        Unlink(work);
        work.IsRecalled = false;
        if (work.IsAbandoned)
        {
            Finish(work, failed: work.Remaining);
        }
        else if (_fault is { } fault)
        {
            EndRest(work, fault(), endings);
        }
        else
        {
            work.DropTold();
            work.ExpiredItem = -1;
            Requeue(work);
        }
    }
}
