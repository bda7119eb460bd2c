using MultiProc.Calls;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>What runners report: results, and their own end.</summary>
internal sealed partial class Dispatcher
{
    private bool IsRecorded => settings.Recorder is not null;

    private bool IsTimingRuns => settings.Metrics is not null && PoolMetrics.IsTimingRuns;

    /// <summary>A runner's items have ended. Records may come twice (from the pipe and from a dead worker's journal): each item is told once.</summary>
    public void OnRecords(ICallRunner runner, IEnumerable<ResultRecord> records)
    {
        var endings = RentEndings();
        long[]? doomed = null;
        StopOrder? order = null;
        string? misbehaviour = null;
        var ended = 0;
        var items = 0;
        List<RunOutcome>? runs = IsTimingRuns ? [] : null;
        TimeSpan elapsed = default;
        List<Work>? endedWork = null;
        lock (_gate)
        {
            if (SeatOf(runner) is not { } seat)
            {
                return;
            }

            var head = seat.Head;
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

                    ApplyParts(seat, work, record, endings, ref misbehaviour);
                    if (work.Stage == WorkStage.Ended)
                    {
                        ended++;
                        items += work.Unit.Count;
                        if (runs is not null)
                        {
                            work.AddOutcomes(runs);
                        }

                        if (work.IsOfMap || settings.Insights is not null)
                        {
                            (endedWork ??= []).Add(work);
                        }
                    }
                }
            }
            catch (InvalidDataException exception)
            {
                // What it said before counts; what it goes on to say cannot be understood. Its loss will be reported.
                misbehaviour ??= $"it sent results that make no sense: {exception.Message}";
            }

            if (misbehaviour is not null && seat.Order is null)
            {
                order = new StopOrder(StopCause.Misbehaviour, misbehaviour);
                doomed = Doom(seat, order);
            }

            var now = time.GetTimestamp();
            if (seat.Head != head)
            {
                // Only what really ended moves the bound: a runner that says the same again and again does not.
                seat.HeadSince = now;
            }

            if (ended > 0)
            {
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
            End(runner, doomed, order!);
        }

        if (runs is not null)
        {
            settings.Metrics!.NoteRuns(runs, elapsed);
        }

        if (endedWork is not null)
        {
            settings.Insights?.NoteEnded(runner.Slot, endedWork, elapsed);
        }

        RetireIfTooLarge(runner);
        Tell(endings);
        ReturnEndings(endings);
        Pump();
    }

    /// <summary>A runner is gone: it must not be given anything more while what it left behind is reported. <see cref="OnLost"/> follows.</summary>
    public void OnGone(ICallRunner runner)
    {
        lock (_gate)
        {
            if (SeatOf(runner) is { } seat)
            {
                // Nobody is told that it retires: it is lost.
                seat.IsRetiring = seat.IsAnnouncing = true;
                Unbind(seat);
            }
        }
    }

    /// <summary>
    /// A runner is gone, and everything it had sent or left behind has been reported. The items that it had begun fail, or are tried again if their caller
    /// allowed that; what only waited there goes back to its place in the queue.
    /// </summary>
    /// <returns>Whether it had been of any use: it had ended an item, or was lost in one.</returns>
    public bool OnLost(ICallRunner runner, RunnerExit exit, LastStatus status)
    {
        List<Ending> endings = [];
        var wasUseful = false;
        List<RunOutcome>? runs = IsTimingRuns ? [] : null;
        var busy = status.Running?.Elapsed ?? default;
        lock (_gate)
        {
            if (SeatOf(runner) is not { } seat)
            {
                return false;
            }

            _seats.Remove(seat);
            Unbind(seat);
            var sent = seat.Sent;
            seat.Outgoing.Clear();
            var begun = BegunItems.Find(seat.Assigned, sent, seat.LastEnded, status);
            wasUseful = seat.Told > 0;
            for (var i = seat.Assigned.Count - 1; i >= 0; i--)
            {
                var work = seat.Assigned[i];
                var end = begun.EndIn(i, work);
                if (i < sent && work.MustRunAlone)
                {
                    // It was there alone: whatever the runner said, this attempt counts.
                    end = Math.Max(end, work.NextItem + 1);
                }

                if (work.ExpiredItem >= 0)
                {
                    // It counted as running when its limit was over.
                    end = Math.Max(end, work.ExpiredItem + 1);
                }

                wasUseful |= end > work.NextItem;
                if (end > work.NextItem)
                {
                    runs?.Add(work.IsAbandoned ? RunOutcome.Cancelled : work.ExpiredItem == work.NextItem ? RunOutcome.TimedOut : RunOutcome.Lost);
                    busy = busy == default ? time.GetElapsedTime(seat.HeadSince) : busy;
                }

                Return(seat, work, end, i < sent, exit, status, endings);
            }
        }

        if (runs is not null)
        {
            settings.Metrics!.NoteRuns(runs, busy);
        }

        Tell(endings);
        Pump();
        return wasUseful;
    }

    /// <summary>Work comes back from a runner that was lost.</summary>
    /// <param name="seat">Where it was.</param>
    /// <param name="work">The work.</param>
    /// <param name="end">Its items below this number had begun.</param>
    /// <param name="wasSent">Whether the runner has ever heard of it.</param>
    /// <param name="exit">How the runner ended.</param>
    /// <param name="status">What the runner left behind.</param>
    /// <param name="endings">What is to be told.</param>
    private void Return(Seat seat, Work work, int end, bool wasSent, RunnerExit exit, LastStatus status, List<Ending> endings)
    {
        if (end > work.NextItem)
        {
            if (end > work.NextItem + 1 && end < work.EndItem)
            {
                // Those that had begun have used an attempt, the others have not.
                var rest = Split(work, end - work.Unit.FirstItem);
                CountUnchargedReturn(rest);
                PutBack(rest, endings);
            }

            TimeSpan? elapsed = status.Running is { } running && running.Unit == work.Id && running.Item == work.NextItem ? running.Elapsed : null;
            settings.Insights?.NoteEnded(seat.Runner.Slot, [work], elapsed ?? time.GetElapsedTime(seat.HeadSince));
            LoseItems(work, end, elapsed, exit, endings);
        }

        if (work.Remaining > 0)
        {
            if (wasSent && end < work.EndItem)
            {
                CountUnchargedReturn(work);
            }

            PutBack(work, endings);
        }
    }

    /// <summary>An item that ran past its limit ends differently from the neighbours that share its record.</summary>
    private void ApplyParts(Seat seat, Work work, ResultRecord record, List<Ending> endings, ref string? misbehaviour)
    {
        while (record is { Kind: RecordKind.Values, Count: > 1 }
            && work.ExpiredItem >= record.FirstItem && work.ExpiredItem < record.FirstItem + record.Count)
        {
            (var front, record) = record.SplitBehind(Math.Max(1, work.ExpiredItem - record.FirstItem));
            Apply(seat, work, front, endings, ref misbehaviour);
        }

        Apply(seat, work, record, endings, ref misbehaviour);
    }

    private void Apply(Seat seat, Work work, ResultRecord record, List<Ending> endings, ref string? misbehaviour)
    {
        if (record.Kind == RecordKind.Returned)
        {
            if (work.MustRunAlone && !work.IsAbandoned)
            {
                // Whatever its runner says now: this attempt counts, so the runner has to go.
                misbehaviour ??= $"it gave back {work.Policy.Label}, which it had been sent alone, unasked";
                return;
            }

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
            if (ending.Error is { } error)
            {
                failed = record.Count;
                if (IsTimingRuns)
                {
                    work.NoteFailure(RunOutcome.Of(error));
                }
            }

            Note(ending, endings);
        }

        seat.LastEnded = (work.Id, record.FirstItem + record.Count - 1);
        seat.Told += record.Count;
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

        // What is first there has begun, or is about to: that comes back only from a runner that lies, or when it was called back in the very last moment.
        var isFirst = seat.Assigned[0] == work && record.FirstItem == work.NextItem;
        var wasAsked = (work.IsRecalled && !isFirst) || work.IsAbandoned;
        var returned = work;
        if (record.FirstItem > work.NextItem)
        {
            returned = Split(work, record.FirstItem - work.Unit.FirstItem);
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

        if (!wasAsked)
        {
            CountUnchargedReturn(returned);
        }

        returned.IsShared = work.IsRecalled && returned.IsDivisible;
        PutBack(returned, endings);
    }

    private Ending EndingOf(Work work, ResultRecord record)
    {
        // It stopped, but too late: whatever it brought, it ran past its limit.
        if (work.ExpiredItem == record.FirstItem && record.Count == 1)
        {
            return Ending.Failure(work, record.FirstItem, Failures.StoppedLate(work, work.Seat?.Order), IsRecorded);
        }

        return record.Kind == RecordKind.Values
            ? Ending.Values(work, record.FirstItem, record.Count, record.Body)
            : Ending.Failure(work, record.FirstItem, Failures.Of(work, record), IsRecorded);
    }

    /// <summary>The items below <paramref name="end"/> have used an attempt: each fails, or stays to be tried again.</summary>
    private void LoseItems(Work work, int end, TimeSpan? elapsed, RunnerExit exit, List<Ending> endings)
    {
        var attempt = $"worker w{exit.Slot} (process {exit.ProcessId}), {exit.Description}" + (elapsed is { } time ? $" after {time.TotalMilliseconds:0} ms" : "");
        if (end > work.NextItem + 1)
        {
            work.SharedAttempts = [.. work.SharedAttempts, attempt];
        }
        else
        {
            work.Attempts = [.. work.Attempts, attempt];
        }

        for (; work.NextItem < end; work.NextItem++)
        {
            var isExpired = work.ExpiredItem == work.NextItem;
            if (!isExpired && !work.IsAbandoned && work.SharedAttempts.Count + work.Attempts.Count < work.Policy.MaxAttempts)
            {
                // None of those behind it has used more attempts.
                _retried += end - work.NextItem;
                return;
            }

            if (!work.IsAbandoned)
            {
                Exception error = isExpired ? Failures.TimedOut(work, exit) : Failures.Lost(work, exit);
                Note(Ending.Failure(work, work.NextItem, error, IsRecorded), endings);
            }

            _failed++;
            _outstanding--;
            work.Attempts = [];
        }

        if (work.Remaining == 0)
        {
            Finish(work, failed: 0);
        }
    }

    private void CountUnchargedReturn(Work work)
    {
        var wasAlone = work.MustRunAlone;
        work.UnchargedReturns++;
        _alone += work.MustRunAlone && !wasAlone ? 1 : 0;
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
