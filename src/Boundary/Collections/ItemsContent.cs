using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Collections of items that may look into them: an item goes in only once it is complete.</summary>
internal abstract class ItemsContent<TCollection, T> : InPlace<TCollection>
    where TCollection : class, IEnumerable<T>
{
    private readonly Formatter<T> _item = FormatterCache<T>.Instance;

    /// <summary>Whether items are hashed or compared when they go in.</summary>
    protected virtual bool LooksIntoItems => true;

    public override void Write(ref MessagePackWriter writer, TCollection value, GraphWriter graph)
    {
        graph.Path.Step = -1;
        WriteComparer(ref writer, value, graph);
        var items = InOrderOfInsertion(value);
        writer.Write(items is T[] taken ? taken.Length : Count(value));
        var index = 0;
        foreach (var item in items)
        {
            graph.Path.Step = index++;
            _item.Write(ref writer, item, graph);
        }
    }

    public override void Read(ref MessagePackReader reader, TCollection instance, GraphReader graph)
    {
        graph.Step = -1;
        var count = Construct(ref reader, instance, graph);
        var chains = Chains(instance, count, graph);
        List<T>? postponed = null;
        for (var i = 0; i < count; i++)
        {
            graph.Step = i;
            var complete = graph.IsComplete(ref reader, _item, out var item);
            if (postponed is null && (complete || !LooksIntoItems))
            {
                chains?.Add(HashOf(instance, item!));
                Add(instance, item!);
            }
            else
            {
                (postponed ??= []).Add(item!);
            }
        }

        if (postponed is not null)
        {
            graph.AtEnd(() => postponed.ForEach(item =>
            {
                chains?.Add(HashOf(instance, item));
                Add(instance, item);
            }));
        }
    }

    public override string Segment(object? instance, int step) => step < 0 ? ".Comparer" : $"[{step}]";

    /// <summary>How many items there are.</summary>
    protected abstract int Count(TCollection value);

    /// <summary>
    /// The items, so that adding them one by one gives the same collection. Of a collection that other threads may change meanwhile, they are an array of those that
    /// were there at one moment.
    /// </summary>
    protected virtual IEnumerable<T> InOrderOfInsertion(TCollection value) => value;

    /// <summary>Writes what the constructor needs besides the number of items.</summary>
    protected virtual void WriteComparer(ref MessagePackWriter writer, TCollection value, GraphWriter graph)
    {
    }

    /// <summary>Reads what the constructor needs, runs it, and returns the number of items.</summary>
    protected abstract int Construct(ref MessagePackReader reader, TCollection instance, GraphReader graph);

    /// <summary>What counts the items of a table; null: nothing does.</summary>
    protected virtual HashChains? Chains(TCollection instance, int count, GraphReader graph) => null;

    /// <summary>The hash code of an item in <paramref name="instance"/>.</summary>
    protected virtual int HashOf(TCollection instance, T item) => 0;

    /// <summary>Inserts an item.</summary>
    protected abstract void Add(TCollection instance, T item);
}
