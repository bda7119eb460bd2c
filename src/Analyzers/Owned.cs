using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace MultiProc.Analyzers;

/// <summary>The variables of a method, or fields of a type, that hold pools started for them; collected from many threads.</summary>
internal sealed class Owned
{
    private readonly ConcurrentDictionary<ISymbol, Location> _started = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _handedOn = new(SymbolEqualityComparer.Default);

    public void Started(ISymbol variable, Location place) => _started.TryAdd(variable, place);

    /// <summary>Ended, or given to somebody who may do it.</summary>
    public void HandedOn(ISymbol variable) => _handedOn[variable] = true;

    public void Report(Action<Diagnostic> report, string way)
    {
        foreach (var (variable, place) in _started.Select(static started => (started.Key, started.Value)).Where(started => !_handedOn.ContainsKey(started.Key)))
        {
            report(Diagnostic.Create(Descriptors.NeverDisposed, place, variable.Name, way));
        }
    }
}
