using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// What was found out about types or methods. Of those in a collectible load context an entry lives as long as its key, so that nothing here keeps the context
/// from being unloaded. Thread-safe.
/// </summary>
internal sealed class CodeCache<TKey, TValue>
    where TKey : MemberInfo
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _lasting = new();
    private readonly ConditionalWeakTable<TKey, TValue> _collectible = [];

    /// <summary>The value of <paramref name="key"/>, if there is one.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _lasting.TryGetValue(key, out value) || _collectible.TryGetValue(key, out value);

    /// <summary>The value of <paramref name="key"/>, made by <paramref name="make"/> the first time; of several made at once, one is kept.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make) => TryGetValue(key, out var known) ? known : Add(key, make(key));

    /// <summary>Keeps <paramref name="value"/> for <paramref name="key"/>, unless there is one; returns the one that is kept.</summary>
    public TValue Add(TKey key, TValue value) => key.IsCollectible ? _collectible.GetOrAdd(key, value) : _lasting.GetOrAdd(key, value);
}
