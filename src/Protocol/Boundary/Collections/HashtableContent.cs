using System.Collections;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Protocol.Boundary;

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
        List<(object, object?)>? postponed = null;
        for (var i = 0; i < count; i++)
        {
            graph.Step = i;
            var complete = graph.IsComplete(ref reader, _object, out var key);
            var value = _object.Read(ref reader, graph);
            if (complete && postponed is null)
            {
                instance.Add(key!, value);
            }
            else
            {
                (postponed ??= []).Add((key!, value));
            }
        }

        if (postponed is not null)
        {
            graph.AtEnd(() => postponed.ForEach(entry => instance.Add(entry.Item1, entry.Item2)));
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

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_keycomparer")]
    private static extern ref IEqualityComparer? Comparer(Hashtable instance);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(Hashtable instance, int capacity, IEqualityComparer? comparer);
}
