using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The arguments of a call: a tuple whose elements are named as arguments in paths.</summary>
internal sealed class ArgumentsFormatter<TArguments> : IPathPart
{
    /// <summary>The one instance for this tuple type.</summary>
    public static readonly ArgumentsFormatter<TArguments> Instance = new();

    private readonly IArguments<TArguments> _tuple = (IArguments<TArguments>)FormatterCache<TArguments>.Instance;

    /// <summary>Writes the arguments.</summary>
    public void Write(ref MessagePackWriter writer, in TArguments arguments, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        _tuple.WriteElements(ref writer, arguments, graph);
        graph.Path.Pop();
    }

    /// <inheritdoc cref="IArguments{TArguments}.TryWriteNumbers"/>
    public bool TryWriteNumbers(ByteBuffer output, in TArguments arguments) => _tuple.TryWriteNumbers(output, arguments);

    /// <summary>Reads the arguments.</summary>
    public static TArguments Read(ref MessagePackReader reader, GraphReader graph) =>
        FormatterCache<TArguments>.Instance.Read(ref reader, graph)!;

    /// <inheritdoc/>
    public string Segment(object? instance, int step) => _tuple.Count == 1 ? "arg" : $"arg{step + 1}";
}

/// <summary>A formatter of tuples that can do without naming their elements.</summary>
internal interface IArguments<TArguments>
{
    /// <summary>How many elements there are.</summary>
    int Count { get; }

    /// <summary>Writes the elements, telling the path only which one it is at.</summary>
    void WriteElements(ref MessagePackWriter writer, in TArguments arguments, GraphWriter graph);

    /// <summary>Writes the elements without a graph; false, and nothing is written, unless all are a <see cref="FixedNumber{T}"/> and there are few.</summary>
    bool TryWriteNumbers(ByteBuffer output, in TArguments arguments);
}
