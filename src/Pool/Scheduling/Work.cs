using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// One call; or items that travel together, which are neighbours of a map, or calls that came one after another. The mutable part belongs to the <see cref="Dispatcher"/> and is guarded by its lock.
/// </summary>
/// <remarks>There may be millions of these, and the collector's work grows with their size: what few of them need is apart.</remarks>
internal sealed class Work(WorkUnit unit, CallPolicy policy, ICompletionSink sink, LiveExports? live, bool isDivisible = false)
{
    private readonly int _pinnedSlot = -1;
    private Details? _details = live is null ? null : new Details { Live = live };

    public WorkUnit Unit { get; private set; } = unit;

    public long Id => Unit.Id;

    public CallPolicy Policy => policy;

    /// <summary>Its place in the order of arrival, which it keeps when it comes back from a runner.</summary>
    public long Arrival { get; set; }

    public ICompletionSink Sink { get; private set; } = sink;

    /// <summary>What crosses live with it; null: nothing.</summary>
    public LiveExports? Live => _details?.Live;

    /// <summary>The functions that were sent with it: delegates to them may come back.</summary>
    public CallFunctions Functions => new(policy.Function, Live?.Functions);

    /// <summary>The next item whose end has not been told.</summary>
    public int NextItem { get; set; } = unit.FirstItem;

    public int EndItem => Unit.FirstItem + Unit.Count;

    /// <summary>Items whose end has not been told.</summary>
    public int Remaining => EndItem - NextItem;

    public WorkStage Stage { get; set; }

    /// <summary>The caller no longer waits: its items end untold.</summary>
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

    /// <summary>Whether the function of the item that ran past its limit had been handed its token.</summary>
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

    /// <summary>While it is with a runner: when it is looked at how long its item has been running, or whether it has stopped.</summary>
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

    /// <summary>When it was sent to its runner, as a timestamp; 0 unless somebody watches how long it runs.</summary>
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

    /// <summary>After so many uncharged returns the next attempt is made alone, and charged however it ends.</summary>
    public const int MaxUnchargedReturns = 2;

    /// <summary>
    /// How often it came back from a runner without having used an attempt though it may have begun: the runner was lost, and was not said to be in it; or gave
    /// it back unasked. A runner that lies about what it does can make that happen.
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

    /// <summary>Whether its next item must be sent alone, to a runner that has nothing else: then there is no doubt about who is to blame.</summary>
    public bool MustRunAlone => UnchargedReturns >= MaxUnchargedReturns;

    /// <summary>Earlier attempts at every item of it, in words.</summary>
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

    /// <summary>Earlier attempts at the first item, besides <see cref="SharedAttempts"/>, in words.</summary>
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

    /// <summary>All earlier attempts at the first item, in words.</summary>
    public IReadOnlyList<string> AllAttempts => [.. SharedAttempts, .. Attempts];

    /// <summary>Whether it fills a place of the bounded queue.</summary>
    public bool HoldsQueuePermit { get; set; }

    /// <summary>The only slot that may run it; null: any.</summary>
    public int? PinnedSlot
    {
        // Four bytes instead of eight.
        get => _pinnedSlot < 0 ? null : _pinnedSlot;
        init => _pinnedSlot = value ?? -1;
    }

    /// <summary>Whether items that have not begun may be taken from one runner and given to another: its size was ours to choose.</summary>
    public bool IsDivisible => (isDivisible || IsCallGroup) && Remaining > 1;

    /// <summary>Its items are calls that were submitted one by one.</summary>
    public bool IsCallGroup => Sink is CallGroup;

    /// <summary>Its items are those of a map, and not calls.</summary>
    public bool IsOfMap => Unit.IsSequence && !IsCallGroup;

    /// <summary>It has been called back, or is about to be.</summary>
    public bool IsRecalled { get; set; }

    /// <summary>It came back from a runner that was too slow for it, and is to be shared out.</summary>
    public bool IsShared { get; set; }

    /// <summary>When it was submitted, as a timestamp; 0: nobody wants to know, or it has been told.</summary>
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

    /// <summary>How long its items ran, on average, in milliseconds; not a number before they have ended.</summary>
    public double ItemMilliseconds { get; set; } = double.NaN;

    /// <summary>The runner that has it, or for which it waits.</summary>
    public RunnerState? RunnerState { get; set; }

    /// <summary>While it is with a runner: what forwards the cancellation of its live tokens.</summary>
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

    /// <summary>What was split off it, which is abandoned with it; null: nothing.</summary>
    public Work? SplitOff => _details?.SplitOff;

    /// <summary>How its items failed, for the metrics: of a chunk of a map, the last of them. Empty while nobody wants to know.</summary>
    public IReadOnlyList<RunOutcome> Failures => _details?.Failures ?? [];

    /// <summary>The neighbours in the queue, which owns these links.</summary>
    public Work? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public Work? Next { get; set; }

    /// <summary>An item has failed: see <see cref="Failures"/>.</summary>
    public void NoteFailure(RunOutcome outcome)
    {
        var failures = Others.Failures ??= [];
        if (IsOfMap)
        {
            failures.Clear();
        }

        failures.Add(outcome);
    }

    /// <summary>How its runs ended: each of its calls, or it as a chunk of a map.</summary>
    public IEnumerable<RunOutcome> Outcomes() => Enumerable.Range(0, IsOfMap ? 1 : Unit.Count)
        .Select(run => IsAbandoned ? RunOutcome.Cancelled : run < Failures.Count ? Failures[run] : RunOutcome.Returned);

    /// <summary>Whether it goes first of two with equal priority.</summary>
    public bool CameBefore(Work other) => Arrival < other.Arrival || (Arrival == other.Arrival && Unit.FirstItem < other.Unit.FirstItem);

    /// <summary>Whether it goes first of two that a runner could take: the higher priority, and of equal ones what came before.</summary>
    public bool GoesBefore(Work other) =>
        policy.Priority > other.Policy.Priority || (policy.Priority == other.Policy.Priority && CameBefore(other));

    /// <summary>While it waits and was never touched: takes up a call that came right behind it.</summary>
    /// <returns>False: it is not of the same kind.</returns>
    public bool TryJoin(ICompletionSink call, CallPolicy otherPolicy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments)
    {
        var group = Sink as CallGroup;
        var isWhole = group is null ? !Unit.IsSequence : group.Count == Unit.Count && group.Count < CallGroup.Most;
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

    /// <summary>Forgets the items that have been told, so that the rest can be sent again.</summary>
    public void DropEnded() => DropItems(NextItem - Unit.FirstItem);

    /// <summary>Splits off everything behind the first <paramref name="count"/> items, which stay here.</summary>
    /// <param name="count">Above 0 and below the number of items.</param>
    /// <param name="id">The id of the rest.</param>
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

    // Nothing about it is one call's alone, and nothing has happened to it.
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
