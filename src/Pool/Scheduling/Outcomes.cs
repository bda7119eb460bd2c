using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// The results and losses of work. An item ends once, by a record of its runner or by the runner's loss, or its work is requeued.
/// Guarded by the dispatcher's lock.
/// </summary>
/// <param name="pending">The work that waits.</param>
/// <param name="limits">The time limits of running work.</param>
/// <param name="settings">The options.</param>
/// <param name="nextId">Makes the number of a unit that is split off.</param>
internal sealed class Outcomes(PendingWork pending, TimeLimits limits, DispatcherSettings settings, Func<long> nextId)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<List<Completion>> _spare = new();
    private List<Completion> _completions = [];
    private long _undelivered;
    private int _sequences;

    /// <summary>Completes after <see cref="Close"/>, when every item has ended and its completion was delivered.</summary>
    public Task Drained => _drained.Task;

    /// <summary>The number of accepted items that have not ended.</summary>
    public long Outstanding { get; private set; }

    public long Completed { get; private set; }

    public long Failed { get; private set; }

    public long Retried { get; private set; }

    /// <summary>The failure of all work from now on; null: none.</summary>
    public Func<Exception>? FaultCause { get; private set; }

    public bool IsClosed { get; private set; }

    private bool IsRecorded => settings.Observer is { SavesFailures: true };

    /// <summary>Counts accepted items.</summary>
    public void Accept(int items) => Outstanding += items;

    /// <summary>Only work of open sequences is accepted from now on.</summary>
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

    /// <summary>Takes the completions to deliver after the lock is released. <see cref="OnCompleted"/> must follow.</summary>
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

    /// <summary>Completions have been delivered.</summary>
    /// <param name="count">Their number.</param>
    /// <param name="list">Their list, for reuse; null: none.</param>
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

    /// <summary>Ends everything that waits, now and later.</summary>
    public void EndWaiting(Func<Exception> cause)
    {
        FaultCause = cause;
        while (pending.PeekAny() is { } work)
        {
            pending.Remove(work);
            EndRest(work, cause());
        }
    }

    /// <summary>Ends everything that a runner has, without regard to the runner.</summary>
    public void EndAssigned(RunnerState state, Func<Exception> cause)
    {
        foreach (var work in state.Assigned)
        {
            EndRest(work, cause());
        }

        state.Assigned.Clear();
        state.Outgoing.Clear();
    }

    /// <summary>Ends the items whose completion was not delivered.</summary>
    public void EndRest(Work work, Exception error)
    {
        for (var item = work.NextItem; item < work.EndItem && !work.IsAbandoned; item++)
        {
            Add(Completion.NotRun(work, item, error));
        }

        Finish(work);
    }

    /// <summary>Ends the remaining items of the work as failed, without completions.</summary>
    public void Finish(Work work)
    {
        if (FaultCause is null)
        {
            // No worker reads it any more. (A pool that ends does not wait for that.)
            SharedBuffer.Release(work.Unit.Body);
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

    /// <summary>The work no longer takes up room in the bounded queue.</summary>
    public void ReleaseQueuePermit(Work work)
    {
        if (work.HoldsQueuePermit)
        {
            work.HoldsQueuePermit = false;
            settings.QueuePermits?.Release();
        }
    }

    /// <summary>Applies a record of a runner: items have ended, or the runner returns them.</summary>
    /// <returns>The rule that the record breaks; null: none.</returns>
    public string? Apply(RunnerState state, Work work, ResultRecord record)
    {
        while (record is { Kind: RecordKind.Values, Count: > 1 }
            && work.ExpiredItem >= record.FirstItem && work.ExpiredItem < record.FirstItem + record.Count)
        {
            // An item that ran past its limit ends differently from the other items of its record.
            (var front, record) = record.SplitBehind(Math.Max(1, work.ExpiredItem - record.FirstItem));
            EndItems(state, work, front);
        }

        if (record is { Kind: RecordKind.Fault or RecordKind.NotSerializable, Count: not 1 })
        {
            // Only one of the items would get a completion.
            return $"it said of {record.Count} items of {work.Policy.Label} at once that they failed";
        }

        if (record.Kind != RecordKind.Returned)
        {
            if (record.FirstItem > work.NextItem || (record.FirstItem == work.NextItem && record.Count > work.Remaining))
            {
                // An item would never get a completion.
                return $"it sent results of items {record.FirstItem} to {record.FirstItem + (long)record.Count - 1} of {work.Policy.Label}, "
                    + $"and those from {work.NextItem} to {work.EndItem - 1} were expected";
            }

            EndItems(state, work, record);
            return null;
        }

        if (work.MustRunAlone && !work.IsAbandoned)
        {
            // This attempt counts whatever its runner says, so the runner has to go.
            return $"it gave back {work.Policy.Label}, which it had been sent alone, unasked";
        }

        TakeBack(state, work, record);
        return null;
    }

    /// <summary>Work comes back from a lost runner.</summary>
    /// <param name="work">The work.</param>
    /// <param name="end">Items below this number had begun: they fail, or are tried again if their caller allowed that.</param>
    /// <param name="wasSent">Whether the work had been sent to the runner.</param>
    /// <param name="exit">How the runner ended.</param>
    /// <param name="elapsed">How long the first of these items had been running; null: unknown.</param>
    public void Lose(Work work, int end, bool wasSent, RunnerExit exit, TimeSpan? elapsed)
    {
        if (end > work.NextItem)
        {
            if (end > work.NextItem + 1 && end < work.EndItem)
            {
                // The items that had begun have used an attempt, the others have not.
                var rest = work.SplitBehind(end - work.Unit.FirstItem, nextId());
                rest.UnchargedReturns++;
                Requeue(rest);
            }

            ChargeAttempt(work, end, elapsed, exit);
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
        // An item ends once. Records come through the pipe, and again from the journal of a dead worker.
        if (record.FirstItem != work.NextItem || record.Count > work.Remaining)
        {
            return;
        }

        // The item ran past its limit before it stopped, so its result does not count.
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

    // A recalled item is returned at once. The items before it may still run: they become a unit that ends with them.
    private void TakeBack(RunnerState state, Work work, ResultRecord record)
    {
        if (record.FirstItem < work.NextItem || record.FirstItem + record.Count != work.EndItem)
        {
            return;
        }

        // The first work of a runner has begun or is about to. It is returned only by a runner that lies, or that was recalled at the last moment.
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
            // Items that were not begun do not count.
            state.Budget = budget + returned.Remaining;
        }

        if (!wasAsked)
        {
            returned.UnchargedReturns++;
        }

        returned.IsShared = work.IsRecalled && returned.IsDivisible;
        Requeue(returned);
    }

    /// <summary>Charges an attempt to each item below <paramref name="end"/>: the item fails, or is tried again.</summary>
    private void ChargeAttempt(Work work, int end, TimeSpan? elapsed, RunnerExit exit)
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
                // No later item has used more attempts.
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

    /// <summary>Requeues work that has items left, in its old place.</summary>
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

    /// <summary>The work is assigned to no runner any more.</summary>
    private void Release(Work work)
    {
        work.TokenLinks?.Dispose();
        work.TokenLinks = null;
        limits.Forget(work);
    }
}
