using System.Collections.Frozen;
using MessagePack;

namespace MultiProc.Boundary;

// Their layout follows from the hash codes of one process, so they are frozen anew.

internal sealed class FrozenSetCopy<T> : Surrogate<FrozenSet<T>, (IEqualityComparer<T>?, T[])>
{
    protected override bool LooksIntoContent => true;

    protected override (IEqualityComparer<T>?, T[]) Take(FrozenSet<T> value) => (Comparers.OrNull(value.Comparer), [.. value]);

    protected override void Check((IEqualityComparer<T>?, T[]) surrogate, GraphReader graph) => HashChains.Check(surrogate.Item2, surrogate.Item1, graph);

    protected override FrozenSet<T> Make((IEqualityComparer<T>?, T[]) surrogate) => surrogate.Item2.ToFrozenSet(surrogate.Item1);

    protected override bool IsComplete(ref MessagePackReader reader, GraphReader graph, out (IEqualityComparer<T>?, T[]) surrogate) =>
        base.IsComplete(ref reader, graph, out surrogate) || Comparers.GoByIdentity(surrogate.Item1, surrogate.Item2);
}

internal sealed class FrozenDictionaryCopy<TKey, TValue> : KeyedSurrogate<FrozenDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override (IEqualityComparer<TKey>?, TKey[], TValue[]) Take(FrozenDictionary<TKey, TValue> value) =>
        (Comparers.OrNull(value.Comparer), [.. value.Keys], [.. value.Values]);

    protected override FrozenDictionary<TKey, TValue> Make((IEqualityComparer<TKey>?, TKey[], TValue[]) surrogate) =>
        surrogate.Item2.Zip(surrogate.Item3, (key, value) => new KeyValuePair<TKey, TValue>(key, value)).ToFrozenDictionary(surrogate.Item1);
}
