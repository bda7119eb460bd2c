using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace MultiProc.Analyzers;

/// <summary>Who changes and reads which static members, and where that code runs; collected from many threads.</summary>
internal sealed class StaticUses
{
    private readonly ConcurrentBag<(ISymbol Member, Location Place, ISymbol? By)> _changes = [];
    private readonly ConcurrentBag<(ISymbol Member, Location Place, ISymbol By)> _reads = [];
    private readonly ConcurrentBag<(ISymbol Member, Location Place, ISymbol In)> _readsInWorker = [];
    private readonly ConcurrentDictionary<ISymbol, bool> _callers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _inWorker = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _elsewhere = new(SymbolEqualityComparer.Default);

    public void ChangedInWorker(ISymbol member, Location place) => _changes.Add((member, place, null));

    public void Changed(ISymbol member, Location place, ISymbol by) => _changes.Add((member, place, by));

    public void ReadInWorker(ISymbol member, Location place, ISymbol within) => _readsInWorker.Add((member, place, within));

    public void Read(ISymbol member, Location place, ISymbol by) => _reads.Add((member, place, by));

    public void CallsPool(ISymbol method) => _callers[method] = true;

    public void RunsInWorker(ISymbol method) => _inWorker[method] = true;

    public void RunsElsewhere(ISymbol method) => _elsewhere[method] = true;

    /// <summary>What is changed by code that runs in workers only.</summary>
    public IEnumerable<(ISymbol Member, Location Place)> OfWorkers() =>
        _changes.Where(change => change.By is null || IsOnlyInWorker(change.By)).Select(static change => (change.Member, change.Place));

    /// <summary>A method that reads the member in the process that calls the pool; null: none is known.</summary>
    public ISymbol? HostReaderOf(ISymbol member) =>
        _reads.Where(read => SymbolEqualityComparer.Default.Equals(read.Member, member) && _callers.ContainsKey(read.By) && !_inWorker.ContainsKey(read.By))
            .Select(static read => read.By).OrderBy(static method => method.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>What code reads that runs in workers only, and no code that may run in one changes.</summary>
    public IEnumerable<(ISymbol Member, Location Place, ISymbol In)> ReadInWorkers() =>
        _readsInWorker.Concat(_reads.Where(read => IsOnlyInWorker(read.By)))
            .Where(read => !_changes.Any(change => IsSame(change.Member, read.Member) && (change.By is null || _inWorker.ContainsKey(change.By))));

    /// <summary>A method that changes the member in the process that calls the pool, before what is read there; null: none is known.</summary>
    public ISymbol? HostChangerOf(ISymbol member, Location read, ISymbol reader) =>
        _changes.Where(change => change.By is not null && IsSame(change.Member, member) && _callers.ContainsKey(change.By) && !_inWorker.ContainsKey(change.By)
                && (!IsSame(change.By, reader) || change.Place.SourceSpan.Start < read.SourceSpan.Start))
            .Select(static change => change.By!).OrderBy(static method => method.Name, StringComparer.Ordinal).FirstOrDefault();

    private static bool IsSame(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    private bool IsOnlyInWorker(ISymbol method) => _inWorker.ContainsKey(method) && !_elsewhere.ContainsKey(method);
}
