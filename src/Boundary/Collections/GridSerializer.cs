using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Arrays of several dimensions, and those whose first index is not 0.</summary>
internal sealed class GridSerializer<T>(Type type) : Serializer(type)
{
    private static readonly bool IsBlock = Blocks.AreMadeOf(typeof(T));

    private readonly Formatter<T> _element = FormatterCache<T>.Instance;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var array = (Array)value;
        for (var dimension = 0; dimension < array.Rank; dimension++)
        {
            writer.Write(array.GetLength(dimension));
            writer.Write(array.GetLowerBound(dimension));
        }

        var elements = Flat(array);
        if (IsBlock && !graph.IsRuled<T>())
        {
            Blocks.Write<T>(ref writer, elements, graph);
        }
        else
        {
            Elements.Write(ref writer, elements, _element, graph);
        }
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var lengths = new int[WireType.GetArrayRank()];
        var bounds = new int[lengths.Length];
        var count = 1L;
        for (var dimension = 0; dimension < lengths.Length; dimension++)
        {
            lengths[dimension] = reader.ReadInt32();
            bounds[dimension] = reader.ReadInt32();
            count = checked(count * lengths[dimension]);
        }

        var isBlock = IsBlock && !graph.IsRuled<T>();
        var bytes = isBlock ? Blocks.ReadSpan(ref reader) : default;
        var expected = isBlock ? Blocks.Count<T>(bytes) : reader.Sequence.Length - reader.Consumed;
        if (lengths.Min() < 0 || (isBlock ? count != expected : count > expected))
        {
            throw new BoundaryFormatException($"An array claims {count:N0} elements and {expected:N0} are there at most.");
        }

        var array = Array.CreateInstance(typeof(T), lengths, bounds);
        graph.Register(id, array);
        if (isBlock)
        {
            Blocks.Copy(bytes, Flat(array));
        }
        else
        {
            // A span is taken anew for each element: reading one may continue on another stack.
            for (var i = 0; i < array.Length; i++)
            {
                graph.Step = i;
                var element = _element.Read(ref reader, graph);
                Flat(array)[i] = element!;
            }
        }

        return array;
    }

    public override string Segment(object? instance, int step)
    {
        var array = (Array)instance!;
        var indices = new int[array.Rank];
        for (var dimension = array.Rank - 1; dimension >= 0; dimension--)
        {
            indices[dimension] = (step % array.GetLength(dimension)) + array.GetLowerBound(dimension);
            step /= array.GetLength(dimension);
        }

        return $"[{string.Join(",", indices)}]";
    }

    private static Span<T> Flat(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
