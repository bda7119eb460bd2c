using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// What was found out about delegates of one method, one type and one kind of target. As in <see cref="CodeCache{TKey, TValue}"/>, nothing here keeps a
/// collectible load context alive. Thread-safe.
/// </summary>
internal sealed class DelegateCache<TValue>
{
    private readonly ConcurrentDictionary<(Type Type, MethodInfo Method, bool IsBound), TValue> _lasting = new();
    private readonly ConditionalWeakTable<MemberInfo, ConcurrentDictionary<(Type Type, MethodInfo Method, bool IsBound), TValue>> _collectible = [];

    /// <summary>The value for delegates like <paramref name="function"/>, if there is one.</summary>
    public bool TryGetValue(Delegate function, [MaybeNullWhen(false)] out TValue value)
    {
        var key = KeyOf(function);
        return _lasting.TryGetValue(key, out value)
            || (_collectible.TryGetValue(HolderOf(key), out var known) && known.TryGetValue(key, out value));
    }

    /// <summary>Keeps <paramref name="value"/> for delegates like <paramref name="function"/>, unless there is one; returns the one that is kept.</summary>
    public TValue Add(Delegate function, TValue value)
    {
        var key = KeyOf(function);
        var holder = HolderOf(key);
        return (holder.IsCollectible ? _collectible.GetOrCreateValue(holder) : _lasting).GetOrAdd(key, value);
    }

    private static (Type Type, MethodInfo Method, bool IsBound) KeyOf(Delegate function) => (function.GetType(), function.Method, function.Target is not null);

    // What of the key may be unloaded first.
    private static MemberInfo HolderOf((Type Type, MethodInfo Method, bool IsBound) key) => key.Method.IsCollectible ? key.Method : key.Type;
}
