using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Structs that the runtime repeats their one field in, such as buffers with <see cref="InlineArrayAttribute"/>.</summary>
internal sealed class InlineArrayFormatter<T, TElement>(int length) : Formatter<T>, IPathPart
    where T : struct
{
    private readonly Formatter<TElement> _element = FormatterCache<TElement>.Instance;

    public override bool IsLeaf => _element.IsLeaf;

    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        Elements.Write<TElement>(ref writer, Span(ref value), _element, graph);
        graph.Path.Pop();
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        var value = default(T);
        for (var i = 0; i < length; i++)
        {
            var element = _element.Read(ref reader, graph);
            Span(ref value)[i] = element!;
        }

        return value;
    }

    public string Segment(object? instance, int step) => $"[{step}]";

    private Span<TElement> Span(ref T value) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, TElement>(ref value), length);
}
