using System.Collections.Concurrent;

namespace MultiProc.Chaos;

/// <summary>What was asked of the pools, and how it ended. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, long> _endings = new();
    private readonly ConcurrentDictionary<string, long> _open = new();
    private readonly ConcurrentQueue<string> _lies = new();
    private long _asked;
    private long _ended;

    public long Asked => Interlocked.Read(ref _asked);

    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>What must not happen: wrong values, false errors.</summary>
    public IReadOnlyCollection<string> Lies => _lies;

    public IReadOnlyDictionary<string, long> Endings => _endings;

    /// <summary>What was asked and has not ended.</summary>
    public IEnumerable<string> Open => _open.Where(static deed => deed.Value != 0).Select(static deed => $"{deed.Value} x {deed.Key}");

    public void Ask(string deed)
    {
        Interlocked.Increment(ref _asked);
        _open.AddOrUpdate(deed, 1, static (_, before) => before + 1);
    }

    public void End(string deed, string how)
    {
        Interlocked.Increment(ref _ended);
        _open.AddOrUpdate(deed, -1, static (_, before) => before - 1);
        _endings.AddOrUpdate($"{deed}: {how}", 1, static (_, before) => before + 1);
    }

    public void Lie(string what) => _lies.Enqueue(what);
}
