using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Elements one after another, telling the path where the writer is.</summary>
internal static class Elements
{
    public static void Write<T>(ref MessagePackWriter writer, scoped ReadOnlySpan<T> elements, Formatter<T> formatter, GraphWriter graph)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            graph.Path.Step = i;
            formatter.Write(ref writer, elements[i], graph);
        }
    }
}
