using System.Diagnostics;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Insights;

/// <summary>
/// The ledger of where the workers' time goes, with the slowest calls. Exists only if insights are on. Thread-safe.
/// </summary>
internal sealed class InsightsLedger(SurrogateRules? rules = null)
{
    private const int MaxSlowest = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Account> _accounts = [];

    // The calls with the bytes that were sent, which are decoded only for a snapshot.
    private readonly List<(TimeSpan Duration, int Slot, string Label, WorkUnit Unit)> _slowest = [];

    /// <summary>Notes that a worker has begun to fill a slot.</summary>
    public void NoteReady(int slot, TimeSpan starting, TimeSpan initializing)
    {
        lock (_gate)
        {
            var account = Of(slot);
            account.Starting += starting;
            account.Initializing += initializing;
            account.Enter(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Notes that a worker has ended. Its successor may already fill the slot.</summary>
    public void NoteGone(int slot)
    {
        lock (_gate)
        {
            Of(slot).Leave(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>
    /// Notes that work has ended that kept a worker busy for this long. Work that ended together shares the time.
    /// </summary>
    public void NoteEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var account = Of(slot);
            account.Calls += ended.Count;
            account.Working += elapsed;
            foreach (var work in ended)
            {
                Remember(slot, work.Policy.Label, work.Unit, elapsed / ended.Count);
            }
        }
    }

    /// <summary>Notes that a worker was lost in a call.</summary>
    public void NoteLost(int slot, in LostWork lost)
    {
        lock (_gate)
        {
            var account = Of(slot);
            account.Calls++;
            account.Working += lost.Elapsed;
            Remember(slot, lost.Label, lost.Unit, lost.Elapsed);
        }
    }

    public PoolInsights Snapshot()
    {
        WorkerInsights[] workers;
        (TimeSpan Duration, int Slot, string Label, WorkUnit Unit)[] slowest;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            workers = [.. _accounts.Select(entry => entry.Value.Describe(WorkerName.Of(entry.Key), now))];
            slowest = [.. _slowest];
        }

        return new PoolInsights
        {
            Workers = workers,
            SlowestCalls = [.. slowest.Select(call => new SlowCall(call.Label, ArgumentText.Of(call.Unit, rules), call.Duration, WorkerName.Of(call.Slot)))],
        };
    }

    private Account Of(int slot)
    {
        if (!_accounts.TryGetValue(slot, out var account))
        {
            _accounts.Add(slot, account = new Account());
        }

        return account;
    }

    private void Remember(int slot, string label, in WorkUnit unit, TimeSpan duration)
    {
        var place = _slowest.FindIndex(other => other.Duration < duration);
        if (place >= 0 || _slowest.Count < MaxSlowest)
        {
            _slowest.Insert(place < 0 ? _slowest.Count : place, (duration, slot, label, unit));
            if (_slowest.Count > MaxSlowest)
            {
                _slowest.RemoveAt(MaxSlowest);
            }
        }
    }

    /// <summary>The account of one slot's time.</summary>
    private sealed class Account
    {
        private long _ready;
        private int _present;

        public long Calls { get; set; }

        public TimeSpan Starting { get; set; }

        public TimeSpan Initializing { get; set; }

        public TimeSpan Working { get; set; }

        public void Enter(long now)
        {
            _present++;
            _ready -= now;
        }

        /// <summary>Does nothing if no worker is present.</summary>
        public void Leave(long now)
        {
            if (_present > 0)
            {
                _present--;
                _ready += now;
            }
        }

        public WorkerInsights Describe(string name, long now)
        {
            var ready = Stopwatch.GetElapsedTime(0, _ready + (_present * now));
            return new WorkerInsights(name, Calls, Starting, Initializing, ready > Working ? ready - Working : TimeSpan.Zero, Working);
        }
    }
}
