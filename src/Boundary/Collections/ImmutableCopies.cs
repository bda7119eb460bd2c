using System.Collections.Immutable;

namespace MultiProc.Boundary;

internal sealed class ImmutableListCopy<T> : Surrogate<ImmutableList<T>, T[]>
{
    protected override T[] Take(ImmutableList<T> value) => [.. value];

    protected override ImmutableList<T> Make(T[] surrogate) => [.. surrogate];
}

internal sealed class ImmutableQueueCopy<T> : Surrogate<ImmutableQueue<T>, T[]>
{
    protected override T[] Take(ImmutableQueue<T> value) => [.. value];

    protected override ImmutableQueue<T> Make(T[] surrogate) => [.. surrogate];
}

internal sealed class ImmutableStackCopy<T> : Surrogate<ImmutableStack<T>, T[]>
{
    protected override T[] Take(ImmutableStack<T> value) => [.. value.Reverse()];

    protected override ImmutableStack<T> Make(T[] surrogate) => [.. surrogate];
}

internal sealed class ImmutableHashSetCopy<T> : Surrogate<ImmutableHashSet<T>, (IEqualityComparer<T>?, T[])>
{
    protected override bool LooksIntoContent => true;

    protected override (IEqualityComparer<T>?, T[]) Take(ImmutableHashSet<T> value) => (Comparers.OrNull(value.KeyComparer), [.. value]);

    protected override void Check((IEqualityComparer<T>?, T[]) surrogate, GraphReader graph) => HashChains.Check(surrogate.Item2, surrogate.Item1, graph);

    protected override ImmutableHashSet<T> Make((IEqualityComparer<T>?, T[]) surrogate) =>
        ImmutableHashSet.CreateRange(surrogate.Item1, surrogate.Item2);
}

internal sealed class ImmutableSortedSetCopy<T> : Surrogate<ImmutableSortedSet<T>, (IComparer<T>?, T[])>
{
    protected override bool LooksIntoContent => true;

    protected override (IComparer<T>?, T[]) Take(ImmutableSortedSet<T> value) => (Comparers.OrNull(value.KeyComparer), [.. value]);

    protected override ImmutableSortedSet<T> Make((IComparer<T>?, T[]) surrogate) =>
        ImmutableSortedSet.CreateRange(surrogate.Item1, surrogate.Item2);
}

internal sealed class ImmutableDictionaryCopy<TKey, TValue>
    : Surrogate<ImmutableDictionary<TKey, TValue>, (IEqualityComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[])>
    where TKey : notnull
{
    protected override bool LooksIntoContent => true;

    protected override (IEqualityComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[]) Take(
        ImmutableDictionary<TKey, TValue> value) => (
            Comparers.OrNull(value.KeyComparer), Comparers.OrNull(value.ValueComparer), [.. value]);

    protected override void Check(
        (IEqualityComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[]) surrogate, GraphReader graph) =>
        HashChains.Check([.. surrogate.Item3.Select(static entry => entry.Key)], surrogate.Item1, graph);

    protected override ImmutableDictionary<TKey, TValue> Make(
        (IEqualityComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[]) surrogate) =>
        ImmutableDictionary.CreateRange(surrogate.Item1, surrogate.Item2, surrogate.Item3);
}

internal sealed class ImmutableSortedDictionaryCopy<TKey, TValue>
    : Surrogate<ImmutableSortedDictionary<TKey, TValue>, (IComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[])>
    where TKey : notnull
{
    protected override bool LooksIntoContent => true;

    protected override (IComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[]) Take(
        ImmutableSortedDictionary<TKey, TValue> value) => (
            Comparers.OrNull(value.KeyComparer), Comparers.OrNull(value.ValueComparer), [.. value]);

    protected override ImmutableSortedDictionary<TKey, TValue> Make(
        (IComparer<TKey>?, IEqualityComparer<TValue>?, KeyValuePair<TKey, TValue>[]) surrogate) =>
        ImmutableSortedDictionary.CreateRange(surrogate.Item1, surrogate.Item2, surrogate.Item3);
}
