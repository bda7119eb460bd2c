using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Arrays of one dimension: numbers as one block, everything else element by element.</summary>
internal sealed class ArraySerializer<T>() : Serializer(typeof(T[]))
{
    private static readonly bool IsBlock = Blocks.AreMadeOf(typeof(T));

    private readonly Formatter<T> _element = FormatterCache<T>.Instance;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var array = (T[])value;
        if (IsBlock && !graph.IsRuled<T>())
        {
            Blocks.Write<T>(ref writer, array, graph);
            return;
        }

        writer.Write(array.Length);
        Elements.Write(ref writer, array, _element, graph);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        if (IsBlock && !graph.IsRuled<T>())
        {
            var bytes = Blocks.ReadSpan(ref reader);
            var block = UninitializedArrays.Create<T>(Blocks.Count<T>(bytes));
            Blocks.Copy<T>(bytes, block);
            graph.Register(id, block);
            return block;
        }

        var array = new T[Blocks.ReadCount(ref reader)];
        graph.Register(id, array);
        for (var i = 0; i < array.Length; i++)
        {
            graph.Step = i;
            array[i] = _element.Read(ref reader, graph)!;
        }

        return array;
    }

    public override string Segment(object? instance, int step) => $"[{step}]";
}
