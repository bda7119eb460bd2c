using System.Collections;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class HashtableContent : InPlace<Hashtable>
{
    private readonly Formatter<object> _object = FormatterCache<object>.Instance;

    public override void Write(ref MessagePackWriter writer, Hashtable value, GraphWriter graph)
    {
        graph.Path.Step = -1;
        FormatterCache<IEqualityComparer>.Instance.Write(ref writer, Comparer(value), graph);
        writer.Write(value.Count);
        var index = 0;
        foreach (DictionaryEntry entry in value)
        {
            graph.Path.Step = index++;
            _object.Write(ref writer, entry.Key, graph);
            _object.Write(ref writer, entry.Value, graph);
        }
    }

    public override void Read(ref MessagePackReader reader, Hashtable instance, GraphReader graph)
    {
        graph.Step = -1;
        var comparer = FormatterCache<IEqualityComparer>.Instance.Read(ref reader, graph);
        var count = Blocks.ReadCount(ref reader);
        Construct(instance, count, comparer);
        var chains = HashChains.For<object>(graph, count);
        List<(object, object?)>? postponed = null;
        for (var i = 0; i < count; i++)
        {
            graph.Step = i;
            var complete = graph.IsComplete(ref reader, _object, out var key);
            var value = _object.Read(ref reader, graph);
            if (complete && postponed is null)
            {
                Add(instance, key!, value, chains);
            }
            else
            {
                (postponed ??= []).Add((key!, value));
            }
        }

        if (postponed is not null)
        {
            graph.AtEnd(() => postponed.ForEach(entry => Add(instance, entry.Item1, entry.Item2, chains)));
        }
    }

    public override string Segment(object? instance, int step)
    {
        if (step < 0)
        {
            return ".Comparer";
        }

        // While a table is read, the entry is not yet in it.
        var table = (Hashtable)instance!;
        return Keys.Segment(step < table.Count ? table.Cast<DictionaryEntry>().ElementAt(step).Key : null, step);
    }

    private static void Add(Hashtable instance, object key, object? value, HashChains? chains)
    {
        chains?.Add(Comparer(instance)?.GetHashCode(key) ?? key.GetHashCode());
        instance.Add(key, value);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_keycomparer")]
    private static extern ref IEqualityComparer? Comparer(Hashtable instance);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(Hashtable instance, int capacity, IEqualityComparer? comparer);
}
