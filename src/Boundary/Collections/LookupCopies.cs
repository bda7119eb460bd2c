using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

internal sealed class LookupCopy<TKey, TElement> : KeyedSurrogate<Lookup<TKey, TElement>, TKey, TElement[]>
{
    protected override (IEqualityComparer<TKey>?, TKey[], TElement[][]) Take(Lookup<TKey, TElement> value) =>
        (Comparers.OrNull(Comparer(value)), [.. value.Select(group => group.Key)], [.. value.Select(group => group.ToArray())]);

    protected override Lookup<TKey, TElement> Make((IEqualityComparer<TKey>?, TKey[], TElement[][]) surrogate) =>
        (Lookup<TKey, TElement>)surrogate.Item2.Zip(surrogate.Item3)
            .SelectMany(group => group.Second, (group, element) => (Key: group.First, Element: element))
            .ToLookup(pair => pair.Key, pair => pair.Element, surrogate.Item1);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_comparer")]
    private static extern ref IEqualityComparer<TKey>? Comparer(Lookup<TKey, TElement> value);
}

/// <summary>A lookup without groups is of a type of its own.</summary>
internal sealed class EmptyLookupCopy<TKey, TElement> : Surrogate<ILookup<TKey, TElement>, int>
{
    public override bool CanBeReferredToWhileRead => false;

    protected override int Take(ILookup<TKey, TElement> value) =>
        value.Count == 0 ? 0 : throw new NotSupportedException("this lookup is unknown.");

    protected override ILookup<TKey, TElement> Make(int surrogate) => Array.Empty<(TKey Key, TElement Element)>()
        .ToLookup(pair => pair.Key, pair => pair.Element);
}

/// <summary>One group of a lookup or of <c>GroupBy</c>.</summary>
internal sealed class GroupingCopy<TKey, TElement> : Surrogate<IGrouping<TKey, TElement>, (TKey, TElement[])>
{
    public override bool CanBeReferredToWhileRead => false;

    protected override (TKey, TElement[]) Take(IGrouping<TKey, TElement> value) => (value.Key, [.. value]);

    protected override IGrouping<TKey, TElement> Make((TKey, TElement[]) surrogate) =>
        surrogate.Item2.GroupBy(_ => surrogate.Item1).First();
}
