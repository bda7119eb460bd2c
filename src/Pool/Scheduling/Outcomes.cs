using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// What becomes of work: its items end, by what runners report or by the loss of a runner, and each end is told exactly once; or they come back, and wait again.
/// Guarded by the dispatcher's lock.
/// </summary>
/// <param name="pending">Where work waits.</param>
/// <param name="limits">What watches how long work runs.</param>
/// <param name="settings">The options.</param>
/// <param name="nextId">The number of a piece of work that is split off.</param>
internal sealed class Outcomes(PendingWork pending, TimeLimits limits, DispatcherSettings settings, Func<long> nextId)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<List<Completion>> _spare = new();
    private List<Completion> _completions = [];
    private long _undelivered;
    private int _sequences;

    /// <summary>Completes after <see cref="Close"/>, when every item has ended and has been told so.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Items that were accepted and have not ended.</summary>
    public long Outstanding { get; private set; }

    public long Completed { get; private set; }

    public long Failed { get; private set; }

    public long Retried { get; private set; }

    /// <summary>What all work ends with; null: it runs.</summary>
    public Func<Exception>? FaultCause { get; private set; }

    public bool IsClosed { get; private set; }

    private bool IsRecorded => settings.Observer is { SavesFailures: true };

    /// <summary>Items were accepted.</summary>
    public void Accept(int items) => Outstanding += items;

    /// <summary>Nothing is accepted any more, but what belongs to a sequence.</summary>
    public void Close()
    {
        IsClosed = true;
        CheckDrained();
    }

    public void BeginSequence() => _sequences++;

    public void EndSequence()
    {
        _sequences--;
        CheckDrained();
    }

    /// <summary>The ends that are to be told once the lock is released. Then <see cref="OnCompleted"/> follows.</summary>
    public List<Completion>? TakeCompletions()
    {
        if (_completions.Count == 0)
        {
            return null;
        }

        var completions = _completions;
        _completions = _spare.TryPop(out var spare) ? spare : [];
        return completions;
    }

    /// <summary>So many ends have been told.</summary>
    /// <param name="count">How many.</param>
    /// <param name="list">The list they were in, which is used again; null: it is not.</param>
    public void OnCompleted(int count, List<Completion>? list)
    {
        const int Spare = 16;
        const int Long = 1_024;
        _undelivered -= count;
        CheckDrained();
        if (list is { Capacity: <= Long } && _spare.Count < Spare)
        {
            list.Clear();
            _spare.Push(list);
        }
    }

    /// <summary>Ends everything that waits, from now on and until the end.</summary>
    public void EndWaiting(Func<Exception> cause)
    {
        FaultCause = cause;
        while (pending.PeekAny() is { } work)
        {
            pending.Remove(work);
            EndRest(work, cause());
        }
    }

    /// <summary>Ends what a runner has, as if it were not there.</summary>
    public void EndAssigned(RunnerState state, Func<Exception> cause)
    {
        foreach (var work in state.Assigned)
        {
            EndRest(work, cause());
        }

        state.Assigned.Clear();
        state.Outgoing.Clear();
    }

    /// <summary>Ends the items that have not been told.</summary>
    public void EndRest(Work work, Exception error)
    {
        for (var item = work.NextItem; item < work.EndItem && !work.IsAbandoned; item++)
        {
            Add(Completion.NotRun(work, item, error));
        }

        Finish(work);
    }

    /// <summary>All of the work's remaining items end as failed, without anybody being told.</summary>
    public void Finish(Work work)
    {
        if (FaultCause is null)
        {
            // No worker reads it any more. (A pool that ends does not wait until that is so.)
            AreaBlock.Release(work.Unit.Body);
        }

        Failed += work.Remaining;
        Outstanding -= work.Remaining;
        work.NextItem = work.EndItem;
        work.Stage = WorkStage.Ended;
        pending.Close(work);
        Release(work);
        ReleaseQueuePermit(work);
        CheckDrained();
    }

    /// <summary>The work does not fill a place of the bounded queue any more.</summary>
    public void ReleaseQueuePermit(Work work)
    {
        if (work.HoldsQueuePermit)
        {
            work.HoldsQueuePermit = false;
            settings.QueuePermits?.Release();
        }
    }

    /// <summary>A runner said how an item of its work ended, or that it gives items back.</summary>
    /// <returns>Null; or what about it breaks the rules.</returns>
    public string? Apply(RunnerState state, Work work, ResultRecord record)
    {
        while (record is { Kind: RecordKind.Values, Count: > 1 }
            && work.ExpiredItem >= record.FirstItem && work.ExpiredItem < record.FirstItem + record.Count)
        {
            // An item that ran past its limit ends differently from the neighbours that share its record.
            (var front, record) = record.SplitBehind(Math.Max(1, work.ExpiredItem - record.FirstItem));
            EndItems(state, work, front);
        }

        if (record is { Kind: RecordKind.Fault or RecordKind.NotSerializable, Count: not 1 })
        {
            // Only one of them would be told its end.
            return $"it said of {record.Count} items of {work.Policy.Label} at once that they failed";
        }

        if (record.Kind != RecordKind.Returned)
        {
            if (record.FirstItem > work.NextItem || (record.FirstItem == work.NextItem && record.Count > work.Remaining))
            {
                // The end of an item is missing: nobody would ever tell it.
                return $"it sent results of items {record.FirstItem} to {record.FirstItem + (long)record.Count - 1} of {work.Policy.Label}, "
                    + $"and those from {work.NextItem} to {work.EndItem - 1} were expected";
            }

            EndItems(state, work, record);
            return null;
        }

        if (work.MustRunAlone && !work.IsAbandoned)
        {
            // Whatever its runner says now: this attempt counts, so the runner has to go.
            return $"it gave back {work.Policy.Label}, which it had been sent alone, unasked";
        }

        TakeBack(state, work, record);
        return null;
    }

    /// <summary>Work comes back from a runner that was lost.</summary>
    /// <param name="work">The work.</param>
    /// <param name="end">Its items below this number had begun: they fail, or are tried again if their caller allowed that.</param>
    /// <param name="wasSent">Whether the runner has ever heard of it.</param>
    /// <param name="exit">How the runner ended.</param>
    /// <param name="elapsed">How long the first of these items had been running; null: that is not known.</param>
    public void Lose(Work work, int end, bool wasSent, RunnerExit exit, TimeSpan? elapsed)
    {
        if (end > work.NextItem)
        {
            if (end > work.NextItem + 1 && end < work.EndItem)
            {
                // Those that had begun have used an attempt, the others have not.
                var rest = work.SplitBehind(end - work.Unit.FirstItem, nextId());
                rest.UnchargedReturns++;
                Requeue(rest);
            }

            Charge(work, end, elapsed, exit);
        }

        if (work.Remaining > 0)
        {
            if (wasSent && end < work.EndItem)
            {
                work.UnchargedReturns++;
            }

            Requeue(work);
        }
    }

    private void Add(Completion completion)
    {
        _undelivered++;
        _completions.Add(completion);
    }

    private void CheckDrained()
    {
        if (IsClosed && Outstanding == 0 && _undelivered == 0 && _sequences == 0)
        {
            _drained.TrySetResult();
        }
    }

    private void EndItems(RunnerState state, Work work, ResultRecord record)
    {
        // What has been told is not told again: records come from the pipe, and again from a dead worker's journal.
        if (record.FirstItem != work.NextItem || record.Count > work.Remaining)
        {
            return;
        }

        // It stopped, but too late: whatever it brought, it ran past its limit.
        var isLate = work.ExpiredItem == record.FirstItem && record.Count == 1;
        var failed = record.Kind == RecordKind.Values && (!isLate || work.IsAbandoned) ? 0 : record.Count;
        if (isLate && settings.Observer is { TimesRuns: true })
        {
            work.NoteFailure(RunOutcome.TimedOut);
        }

        if (!work.IsAbandoned)
        {
            Add(isLate ? Completion.Failure(work, record.FirstItem, Failures.StoppedLate(work, work.RunnerState?.Order), IsRecorded)
                : record.Kind == RecordKind.Values ? Completion.Values(work, record.FirstItem, record.Count, record.Body)
                : Completion.Fault(work, record, IsRecorded));
        }

        state.LastEnded = (work.Id, record.FirstItem + record.Count - 1);
        state.ItemsEnded += record.Count;
        Completed += record.Count - failed;
        Failed += failed;
        Outstanding -= record.Count;
        work.NextItem += record.Count;
        work.Attempts = [];
        limits.OnItemsEnded(state, work);
        if (work.Remaining == 0)
        {
            state.Assigned.Remove(work);
            Finish(work);
        }
    }

    // Comes as soon as it is called back: the items before it may still run, and go on as a unit that is over with them.
    private void TakeBack(RunnerState state, Work work, ResultRecord record)
    {
        if (record.FirstItem < work.NextItem || record.FirstItem + record.Count != work.EndItem)
        {
            return;
        }

        // What is first there has begun, or is about to: that comes back only from a runner that lies, or when it was called back in the very last moment.
        var isFirst = state.Assigned[0] == work && record.FirstItem == work.NextItem;
        var wasAsked = (work.IsRecalled && !isFirst) || work.IsAbandoned;
        var returned = work;
        if (record.FirstItem > work.NextItem)
        {
            returned = work.SplitBehind(record.FirstItem - work.Unit.FirstItem, nextId());
        }
        else
        {
            state.Assigned.Remove(work);
        }

        if (state.Budget is { } budget)
        {
            // It did not begin them: they do not count.
            state.Budget = budget + returned.Remaining;
        }

        if (!wasAsked)
        {
            returned.UnchargedReturns++;
        }

        returned.IsShared = work.IsRecalled && returned.IsDivisible;
        Requeue(returned);
    }

    /// <summary>The items below <paramref name="end"/> have used an attempt: each fails, or stays to be tried again.</summary>
    private void Charge(Work work, int end, TimeSpan? elapsed, RunnerExit exit)
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
                Retried += end - work.NextItem;
                return;
            }

            if (!work.IsAbandoned)
            {
                Exception error = isExpired ? Failures.TimedOut(work, exit) : Failures.Lost(work, exit);
                Add(Completion.Failure(work, work.NextItem, error, IsRecorded));
            }

            Failed++;
            Outstanding--;
            work.Attempts = [];
        }

        if (work.Remaining == 0)
        {
            Finish(work);
        }
    }

    /// <summary>Work that has items left waits again, in its old place.</summary>
    private void Requeue(Work work)
    {
        Release(work);
        work.IsRecalled = false;
        if (work.IsAbandoned)
        {
            Finish(work);
        }
        else if (FaultCause is { } fault)
        {
            EndRest(work, fault());
        }
        else
        {
            work.DropEnded();
            work.ExpiredItem = -1;
            pending.AddAgain(work);
        }
    }

    /// <summary>It is with no runner any more.</summary>
    private void Release(Work work)
    {
        work.TokenLinks?.Dispose();
        work.TokenLinks = null;
        limits.Forget(work);
    }
}
