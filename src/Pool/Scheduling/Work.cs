using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// A unit of work: one call, or items that travel together, which are neighbours of a map or calls submitted one after another. Its
/// mutable part belongs to the <see cref="Dispatcher"/> and is guarded by its lock.
/// </summary>
/// <remarks>There may be millions of these, and their size adds to the work of the collector: rarely used members are in a separate object.</remarks>
internal sealed class Work(WorkUnit unit, CallPolicy policy, ICompletionSink sink, LiveExports? live, bool isDivisible = false)
{
    private readonly int _pinnedSlot = -1;
    private Details? _details = live is null ? null : new Details { Live = live };

    public WorkUnit Unit { get; private set; } = unit;

    public long Id => Unit.Id;

    public CallPolicy Policy => policy;

    /// <summary>Its place in the order of arrival, which it keeps when it is requeued.</summary>
    public long Arrival { get; set; }

    public ICompletionSink Sink { get; private set; } = sink;

    /// <summary>Its live objects; null: none.</summary>
    public LiveExports? Live => _details?.Live;

    /// <summary>The functions that were sent with it. Delegates to them may come back.</summary>
    public CallFunctions Functions => new(policy.Function, Live?.Functions);

    /// <summary>The next item without a completion.</summary>
    public int NextItem { get; set; } = unit.FirstItem;

    public int EndItem => Unit.FirstItem + Unit.Count;

    /// <summary>The number of items without a completion.</summary>
    public int Remaining => EndItem - NextItem;

    public WorkStage Stage { get; set; }

    /// <summary>The caller no longer waits: its items end without completions.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The item that ran past its limit and is being stopped; -1: none.</summary>
    public int ExpiredItem
    {
        get => _details?.ExpiredItem ?? -1;
        set
        {
            if (value != ExpiredItem)
            {
                Others.ExpiredItem = value;
            }
        }
    }

    /// <summary>Whether the function of that item had been given its token.</summary>
    public bool HadToken
    {
        get => _details?.HadToken ?? false;
        set
        {
            if (value != HadToken)
            {
                Others.HadToken = value;
            }
        }
    }

    /// <summary>The checks of how long its item runs, or whether it has stopped, while it is assigned.</summary>
    public IReadOnlyList<Deadline> Deadlines
    {
        get => _details?.Deadlines ?? [];
        set
        {
            if (value.Count != 0 || Deadlines.Count != 0)
            {
                Others.Deadlines = value;
            }
        }
    }

    /// <summary>The timestamp at which it was sent; 0 unless its items are timed.</summary>
    public long SentAt
    {
        get => _details?.SentAt ?? 0;
        set => Others.SentAt = value;
    }

    /// <summary>The last item that was logged as slow; -1: none.</summary>
    public int SlowItem
    {
        get => _details?.SlowItem ?? -1;
        set
        {
            if (value != SlowItem)
            {
                Others.SlowItem = value;
            }
        }
    }

    /// <summary>After this many uncharged returns the next attempt runs alone, and is charged however it ends.</summary>
    public const int MaxUnchargedReturns = 2;

    /// <summary>
    /// How often it came back without being charged an attempt although it may have begun: the runner was lost, and did not name it; or
    /// returned it unasked. A runner that lies can cause this.
    /// </summary>
    public int UnchargedReturns
    {
        get => _details?.UnchargedReturns ?? 0;
        set
        {
            if (value != UnchargedReturns)
            {
                Others.UnchargedReturns = value;
            }
        }
    }

    /// <summary>Whether its next item must run alone on its runner. Then it is certain which item caused a loss.</summary>
    public bool MustRunAlone => UnchargedReturns >= MaxUnchargedReturns;

    /// <summary>Descriptions of earlier attempts that count for each of its items.</summary>
    public IReadOnlyList<string> SharedAttempts
    {
        get => _details?.SharedAttempts ?? [];
        set
        {
            if (value.Count != SharedAttempts.Count)
            {
                Others.SharedAttempts = value;
            }
        }
    }

    /// <summary>Descriptions of further attempts that count for its first item.</summary>
    public IReadOnlyList<string> Attempts
    {
        get => _details?.Attempts ?? [];
        set
        {
            if (value.Count != Attempts.Count)
            {
                Others.Attempts = value;
            }
        }
    }

    /// <summary>Descriptions of all earlier attempts at its first item.</summary>
    public IReadOnlyList<string> AllAttempts => [.. SharedAttempts, .. Attempts];

    /// <summary>Whether it takes up room in the bounded queue.</summary>
    public bool HoldsQueuePermit { get; set; }

    /// <summary>The only slot that may run it; null: any.</summary>
    public int? PinnedSlot
    {
        // An int takes four bytes, an int? eight.
        get => _pinnedSlot < 0 ? null : _pinnedSlot;
        init => _pinnedSlot = value ?? -1;
    }

    /// <summary>Whether items that have not begun may be moved to another runner, because the pool chose the size of the unit.</summary>
    public bool IsDivisible => (isDivisible || IsCallGroup) && Remaining > 1;

    /// <summary>Whether its items are calls that were submitted one by one.</summary>
    public bool IsCallGroup => Sink is CallGroup;

    /// <summary>Whether its items are those of a map.</summary>
    public bool IsOfMap => Unit.IsSequence && !IsCallGroup;

    /// <summary>Whether it has been recalled, or is about to be.</summary>
    public bool IsRecalled { get; set; }

    /// <summary>Whether it came back from a runner that was too slow, and is to be shared out.</summary>
    public bool IsShared { get; set; }

    /// <summary>The timestamp of its submission; 0: not wanted, or reported already.</summary>
    public long SubmittedAt
    {
        get => _details?.SubmittedAt ?? 0;
        set
        {
            if (value != SubmittedAt)
            {
                Others.SubmittedAt = value;
            }
        }
    }

    /// <summary>The mean time of its items in milliseconds; NaN before they have ended.</summary>
    public double ItemMilliseconds { get; set; } = double.NaN;

    /// <summary>The runner that has it, or for which it waits.</summary>
    public RunnerState? RunnerState { get; set; }

    /// <summary>Forwards the cancellation of its live tokens while it is assigned.</summary>
    public IDisposable? TokenLinks
    {
        get => _details?.TokenLinks;
        set
        {
            if (value != TokenLinks)
            {
                Others.TokenLinks = value;
            }
        }
    }

    /// <summary>The unit that was split off, and is abandoned with it; null: none.</summary>
    public Work? SplitOff => _details?.SplitOff;

    /// <summary>The failures of its items, for the metrics: of a chunk of a map, the last one. Empty if no listener wants them.</summary>
    public IReadOnlyList<RunOutcome> Failures => _details?.Failures ?? [];

    /// <summary>The links of the queue that it waits in, which owns them.</summary>
    public Work? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public Work? Next { get; set; }

    /// <summary>An item has failed; see <see cref="Failures"/>.</summary>
    public void NoteFailure(RunOutcome outcome)
    {
        var failures = Others.Failures ??= [];
        if (IsOfMap)
        {
            failures.Clear();
        }

        failures.Add(outcome);
    }

    /// <summary>The outcomes of its runs: of each of its calls, or of the chunk as a whole.</summary>
    public IEnumerable<RunOutcome> Outcomes() => Enumerable.Range(0, IsOfMap ? 1 : Unit.Count)
        .Select(run => IsAbandoned ? RunOutcome.Cancelled : run < Failures.Count ? Failures[run] : RunOutcome.Returned);

    /// <summary>Whether it comes first of two with equal priority.</summary>
    public bool CameBefore(Work other) => Arrival < other.Arrival || (Arrival == other.Arrival && Unit.FirstItem < other.Unit.FirstItem);

    /// <summary>Whether it comes first of two that a runner could take: by priority, then by arrival.</summary>
    public bool GoesBefore(Work other) =>
        policy.Priority > other.Policy.Priority || (policy.Priority == other.Policy.Priority && CameBefore(other));

    /// <summary>Adds a call that was submitted directly after it, while it waits untouched.</summary>
    /// <returns>False: the call is of another kind.</returns>
    public bool TryJoin(ICompletionSink call, CallPolicy otherPolicy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments)
    {
        var group = Sink as CallGroup;
        var isWhole = group is null ? !Unit.IsSequence : group.Count == Unit.Count && group.Count < CallGroup.MaxCalls;
        if (!isWhole || !IsPlain || !ReferenceEquals(otherPolicy, policy) || !code.Equals(Unit.Function)
            || ArgumentSlices.Join(Unit.Body, Unit.IsSequence, arguments) is not { } items)
        {
            return false;
        }

        if (group is null)
        {
            Sink = group = new CallGroup(Sink);
        }

        group.Add(call);
        Unit = Unit with { Count = group.Count, IsSequence = true, Body = items };
        return true;
    }

    /// <summary>Drops the items that have ended, so that the rest can be sent again.</summary>
    public void DropEnded() => DropItems(NextItem - Unit.FirstItem);

    /// <summary>Splits off all items after the first <paramref name="count"/>.</summary>
    /// <param name="count">Above 0 and below the number of items.</param>
    /// <param name="id">The number of the new unit.</param>
    public Work SplitBehind(int count, long id)
    {
        var rest = new Work(Unit with { Id = id }, policy, Sink, Live, isDivisible) { Arrival = Arrival, IsShared = IsShared, IsAbandoned = IsAbandoned };
        rest.DropItems(count);
        if (_details is { } details)
        {
            rest.UnchargedReturns = details.UnchargedReturns;
            rest.SharedAttempts = details.SharedAttempts;
            rest.SlowItem = details.SlowItem;
        }

        Unit = Unit with { Count = count, Body = Unit.Body[..^rest.Unit.Body.Length] };
        if (SplitOff is { } behind)
        {
            rest.Others.SplitOff = behind;
        }

        Others.SplitOff = rest;
        return rest;
    }

    // Nothing belongs to one call alone, and nothing has happened to it.
    private bool IsPlain => policy is { IsTimed: false, AffinityKey: null } && Unit.Trace is null && _details is null && _pinnedSlot < 0
        && !HoldsQueuePermit && !IsAbandoned && !IsRecalled && !IsShared && NextItem == 0;

    private Details Others => _details ??= new Details();

    private void DropItems(int count)
    {
        if (count == 0 || !Unit.IsSequence)
        {
            return;
        }

        var body = Unit.Body;
        for (var i = 0; i < count; i++)
        {
            ItemBlock.TakeItem(ref body);
        }

        Unit = Unit with { FirstItem = Unit.FirstItem + count, Count = Unit.Count - count, Body = body };
        NextItem = Math.Max(NextItem, Unit.FirstItem);
    }

    private sealed class Details
    {
        public LiveExports? Live { get; init; }

        public Work? SplitOff { get; set; }

        public int ExpiredItem { get; set; } = -1;

        public IReadOnlyList<Deadline> Deadlines { get; set; } = [];

        public long SentAt { get; set; }

        public IReadOnlyList<string> Attempts { get; set; } = [];

        public IReadOnlyList<string> SharedAttempts { get; set; } = [];

        public int UnchargedReturns { get; set; }

        public bool HadToken { get; set; }

        public int SlowItem { get; set; } = -1;

        public long SubmittedAt { get; set; }

        public IDisposable? TokenLinks { get; set; }

        public List<RunOutcome>? Failures { get; set; }
    }
}
