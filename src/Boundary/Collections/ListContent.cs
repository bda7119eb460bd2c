using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

internal sealed class ListContent<T> : InPlace<List<T>>
{
    private static readonly bool IsBlock = Blocks.AreMadeOf(typeof(T));

    private readonly Formatter<T> _element = FormatterCache<T>.Instance;

    public override void Write(ref MessagePackWriter writer, List<T> value, GraphWriter graph)
    {
        var elements = CollectionsMarshal.AsSpan(value);
        if (IsBlock && !graph.IsRuled<T>())
        {
            Blocks.Write<T>(ref writer, elements, graph);
            return;
        }

        writer.Write(elements.Length);
        Elements.Write(ref writer, elements, _element, graph);
    }

    public override void Read(ref MessagePackReader reader, List<T> instance, GraphReader graph)
    {
        if (IsBlock && !graph.IsRuled<T>())
        {
            var bytes = Blocks.ReadSpan(ref reader);
            var length = Blocks.Count<T>(bytes);
            Construct(instance, length);
            CollectionsMarshal.SetCount(instance, length);
            Blocks.Copy(bytes, CollectionsMarshal.AsSpan(instance));
            return;
        }

        var count = Blocks.ReadCount(ref reader);
        Construct(instance, count);
        for (var i = 0; i < count; i++)
        {
            graph.Step = i;
            instance.Add(_element.Read(ref reader, graph)!);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(List<T> instance, int capacity);
}
