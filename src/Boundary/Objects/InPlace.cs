using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The content of a framework class, read into an object that exists already - of that class or of one derived from it.</summary>
internal abstract class InPlace<T> : IPathPart
    where T : class
{
    /// <summary>Writes the content.</summary>
    public abstract void Write(ref MessagePackWriter writer, T value, GraphWriter graph);

    /// <summary>Constructs the base part of <paramref name="instance"/>, for which no constructor has run, and fills it.</summary>
    public abstract void Read(ref MessagePackReader reader, T instance, GraphReader graph);

    /// <inheritdoc/>
    public virtual string Segment(object? instance, int step) => $"[{step}]";
}

/// <summary>The content of <typeparamref name="T"/>, as generated code reaches it.</summary>
internal static class InPlaceCache<T>
    where T : class
{
    private static readonly InPlace<T> Instance = (InPlace<T>)BuiltInCopies.CreateInPlace(typeof(T))!;

    /// <summary>Writes the base part of <paramref name="value"/>.</summary>
    public static void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        graph.Path.Push(Instance, value);
        Instance.Write(ref writer, value, graph);
        graph.Path.Pop();
    }

    /// <summary>Reads the base part of <paramref name="value"/>.</summary>
    public static void Read(ref MessagePackReader reader, T value, GraphReader graph)
    {
        var outerStep = graph.Step;
        try
        {
            Instance.Read(ref reader, value, graph);
        }
        catch (DistrustException exception) when (graph.Passes(exception, Instance, value, outerStep))
        {
            throw;
        }
    }
}
