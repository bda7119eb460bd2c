using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace MultiProc.Analyzers;

/// <summary>Who changes and reads which static members, and where that code runs; collected from many threads.</summary>
internal sealed class StaticUses
{
    private readonly ConcurrentBag<(ISymbol Member, Location Place, ISymbol? By)> _changes = [];
    private readonly ConcurrentBag<(ISymbol Member, ISymbol By)> _reads = [];
    private readonly ConcurrentDictionary<ISymbol, bool> _callers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _inWorker = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _elsewhere = new(SymbolEqualityComparer.Default);

    public void ChangedInWorker(ISymbol member, Location place) => _changes.Add((member, place, null));

    public void Changed(ISymbol member, Location place, ISymbol by) => _changes.Add((member, place, by));

    public void Read(ISymbol member, ISymbol by) => _reads.Add((member, by));

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

    private bool IsOnlyInWorker(ISymbol method) => _inWorker.ContainsKey(method) && !_elsewhere.ContainsKey(method);
}
