using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Collections of keys and values that look into their keys: an entry goes in only once its key is complete.</summary>
internal abstract class EntriesContent<TCollection, TKey, TValue> : InPlace<TCollection>
    where TCollection : class, IEnumerable<KeyValuePair<TKey, TValue>>
{
    private const int ComparerStep = int.MinValue;

    private readonly Formatter<TKey> _key = FormatterCache<TKey>.Instance;
    private readonly Formatter<TValue> _value = FormatterCache<TValue>.Instance;

    public override void Write(ref MessagePackWriter writer, TCollection value, GraphWriter graph)
    {
        graph.Path.Step = ComparerStep;
        WriteComparer(ref writer, value, graph);
        var entries = Entries(value);
        writer.Write(Count(value, entries));
        var index = 0;
        foreach (var (key, item) in entries)
        {
            graph.Path.Step = ~(2 * index);
            _key.Write(ref writer, key, graph);
            graph.Path.Step = 2 * index++;
            _value.Write(ref writer, item, graph);
        }
    }

    public override void Read(ref MessagePackReader reader, TCollection instance, GraphReader graph)
    {
        graph.Step = ComparerStep;
        var count = Construct(ref reader, instance, graph);
        var chains = Chains(instance, count, graph);
        List<(TKey, TValue)>? postponed = null;
        var areComplete = true;
        for (var i = 0; i < count; i++)
        {
            graph.Step = ~(2 * i);
            var complete = graph.IsComplete(ref reader, _key, out var key);
            graph.Step = 2 * i;
            var value = _value.Read(ref reader, graph);
            areComplete &= complete;
            if (complete && postponed is null && IsNext(instance, key!))
            {
                chains?.Add(HashOf(instance, key!));
                Add(instance, key!, value!);
            }
            else
            {
                // All that follow wait, too, so that they keep their order.
                (postponed ??= []).Add((key!, value!));
            }
        }

        if (postponed is null)
        {
            return;
        }

        if (areComplete)
        {
            AddAll(instance, postponed, chains);
        }
        else
        {
            graph.AtEnd(() => AddAll(instance, postponed, chains));
        }
    }

    public override string Segment(object? instance, int step)
    {
        if (step == ComparerStep)
        {
            return ".Comparer";
        }

        var index = (step < 0 ? ~step : step) / 2;
        if (step < 0)
        {
            return $".Keys[{index}]";
        }

        // While a collection is read, the entry is not yet in it.
        var collection = (TCollection)instance!;
        return Keys.Segment(index < Count(collection) ? collection.ElementAt(index).Key : null, index);
    }

    /// <summary>The entries that cross. Of a collection that other threads may change meanwhile, they are as they were at one moment.</summary>
    protected virtual IEnumerable<KeyValuePair<TKey, TValue>> Entries(TCollection value) => value;

    /// <summary>How many entries there are.</summary>
    protected abstract int Count(TCollection value);

    /// <summary>Writes what the constructor needs besides the number of entries.</summary>
    protected abstract void WriteComparer(ref MessagePackWriter writer, TCollection value, GraphWriter graph);

    /// <summary>Reads what the constructor needs, runs it, and returns the number of entries.</summary>
    protected abstract int Construct(ref MessagePackReader reader, TCollection instance, GraphReader graph);

    /// <summary>Inserts an entry.</summary>
    protected abstract void Add(TCollection instance, TKey key, TValue value);

    /// <summary>Whether an entry of that key, which is complete, may be inserted behind those that are there. If not, it is inserted together with all that follow.</summary>
    protected virtual bool IsNext(TCollection instance, TKey key) => true;

    /// <summary>Inserts what was postponed.</summary>
    protected virtual void AddAll(TCollection instance, List<(TKey Key, TValue Value)> entries, HashChains? chains)
    {
        foreach (var (key, value) in entries)
        {
            chains?.Add(HashOf(instance, key));
            Add(instance, key, value);
        }
    }

    /// <summary>What counts the keys of a table; null: nothing does.</summary>
    protected virtual HashChains? Chains(TCollection instance, int count, GraphReader graph) => null;

    /// <summary>The hash code of a key in <paramref name="instance"/>.</summary>
    protected virtual int HashOf(TCollection instance, TKey key) => 0;

    private int Count(TCollection value, IEnumerable<KeyValuePair<TKey, TValue>> entries) =>
        entries is KeyValuePair<TKey, TValue>[] taken ? taken.Length : Count(value);
}
