using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Collections that are made at once, of keys and items, and look into their keys only. So items may lead back to an object that holds the
/// collection, and so may keys that are told apart by identity.
/// </summary>
internal abstract class KeyedSurrogate<T, TKey, TItem> : Surrogate<T, (IEqualityComparer<TKey>?, TKey[], TItem[])>
    where T : class
{
    public override bool CanBeReferredToWhileRead => false;

    protected override bool LooksIntoContent => true;

    protected override void Check((IEqualityComparer<TKey>?, TKey[], TItem[]) surrogate, GraphReader graph) => HashChains.Check(surrogate.Item2, surrogate.Item1, graph);

    protected override bool IsComplete(
        ref MessagePackReader reader, GraphReader graph, out (IEqualityComparer<TKey>?, TKey[], TItem[]) surrogate)
    {
        var comparer = Comparers.Read<TKey>(ref reader, graph);
        var complete = graph.IsComplete(ref reader, FormatterCache<TKey[]>.Instance, out var keys);
        var items = FormatterCache<TItem[]>.Instance.Read(ref reader, graph);
        if (keys is null || items is null || keys.Length != items.Length)
        {
            throw new BoundaryFormatException($"A {TypeNames.Display(typeof(T))} has not as many items as keys.");
        }

        surrogate = (comparer, keys, items);
        return complete || Comparers.GoByIdentity(comparer, keys);
    }
}
