using System.Collections.Immutable;

namespace MultiProc.Boundary;

// Builders of immutable collections cross as what they would build.

internal sealed class ImmutableArrayBuilderCopy<T> : Surrogate<ImmutableArray<T>.Builder, T[]>
{
    protected override T[] Take(ImmutableArray<T>.Builder value) => [.. value];

    protected override ImmutableArray<T>.Builder Make(T[] surrogate)
    {
        var builder = ImmutableArray.CreateBuilder<T>(surrogate.Length);
        builder.AddRange(surrogate);
        return builder;
    }
}

internal sealed class ImmutableListBuilderCopy<T> : Surrogate<ImmutableList<T>.Builder, ImmutableList<T>>
{
    protected override ImmutableList<T> Take(ImmutableList<T>.Builder value) => value.ToImmutable();

    protected override ImmutableList<T>.Builder Make(ImmutableList<T> surrogate) => surrogate.ToBuilder();
}

internal sealed class ImmutableHashSetBuilderCopy<T> : Surrogate<ImmutableHashSet<T>.Builder, ImmutableHashSet<T>>
{
    protected override bool LooksIntoContent => true;

    protected override ImmutableHashSet<T> Take(ImmutableHashSet<T>.Builder value) => value.ToImmutable();

    protected override ImmutableHashSet<T>.Builder Make(ImmutableHashSet<T> surrogate) => surrogate.ToBuilder();
}

internal sealed class ImmutableSortedSetBuilderCopy<T> : Surrogate<ImmutableSortedSet<T>.Builder, ImmutableSortedSet<T>>
{
    protected override bool LooksIntoContent => true;

    protected override ImmutableSortedSet<T> Take(ImmutableSortedSet<T>.Builder value) => value.ToImmutable();

    protected override ImmutableSortedSet<T>.Builder Make(ImmutableSortedSet<T> surrogate) => surrogate.ToBuilder();
}

internal sealed class ImmutableDictionaryBuilderCopy<TKey, TValue>
    : Surrogate<ImmutableDictionary<TKey, TValue>.Builder, ImmutableDictionary<TKey, TValue>>
    where TKey : notnull
{
    protected override bool LooksIntoContent => true;

    protected override ImmutableDictionary<TKey, TValue> Take(ImmutableDictionary<TKey, TValue>.Builder value) => value.ToImmutable();

    protected override ImmutableDictionary<TKey, TValue>.Builder Make(ImmutableDictionary<TKey, TValue> surrogate) => surrogate.ToBuilder();
}

internal sealed class ImmutableSortedDictionaryBuilderCopy<TKey, TValue>
    : Surrogate<ImmutableSortedDictionary<TKey, TValue>.Builder, ImmutableSortedDictionary<TKey, TValue>>
    where TKey : notnull
{
    protected override bool LooksIntoContent => true;

    protected override ImmutableSortedDictionary<TKey, TValue> Take(ImmutableSortedDictionary<TKey, TValue>.Builder value) =>
        value.ToImmutable();

    protected override ImmutableSortedDictionary<TKey, TValue>.Builder Make(ImmutableSortedDictionary<TKey, TValue> surrogate) =>
        surrogate.ToBuilder();
}
