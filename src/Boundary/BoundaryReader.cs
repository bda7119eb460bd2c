using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Reads one graph, in the order in which it was written.</summary>
/// <remarks>
/// Not thread-safe. What each call returns is complete: insertions that wait for other objects are done before it returns.
/// Whatever the bytes are, the only exceptions are <see cref="BoundaryFormatException"/>, <see cref="BoundaryException"/> for what is not accepted of whoever wrote
/// them and for a copy that would not be a faithful one, and running out of memory.
/// </remarks>
internal readonly struct BoundaryReader : IDisposable
{
    private readonly GraphReader _graph;

    /// <summary>Begins to read <paramref name="input"/>.</summary>
    /// <param name="input">The graph.</param>
    /// <param name="live">What crosses live.</param>
    /// <param name="trust">What is accepted of whoever wrote it.</param>
    /// <param name="sent">The functions that were sent with the call that the graph answers.</param>
    public BoundaryReader(ReadOnlyMemory<byte> input, ILiveImports live, Trust trust, CallFunctions sent = default)
    {
        _graph = GraphReader.Rent(live, trust, sent);
        _graph.Rest = input;
    }

    /// <summary>Reads a graph that is nothing but a value, which was written with the same static type.</summary>
    /// <param name="input">The graph.</param>
    /// <param name="live">What crosses live.</param>
    /// <param name="trust">What is accepted of whoever wrote it.</param>
    /// <param name="sent">As for the constructor.</param>
    /// <param name="root">What a path to something that is not accepted begins with.</param>
    public static T Read<T>(ReadOnlyMemory<byte> input, ILiveImports live, Trust trust, CallFunctions sent = default, string root = "result")
    {
        var bytes = input.Span;
        if (FixedNumber<T>.TryRead(ref bytes, out var number) && bytes.IsEmpty)
        {
            return number;
        }

        using var reader = new BoundaryReader(input, live, trust, sent);
        return reader.Read<T>(root);
    }

    private delegate T ReadValue<out T>(ref MessagePackReader reader, GraphReader graph);

    /// <summary>Reads a function.</summary>
    public Delegate ReadFunction() => Read<Delegate>() ?? throw new BoundaryFormatException("A function is missing.");

    /// <summary>Reads a value that was written with the same static type.</summary>
    public T Read<T>() => Read<T>("");

    /// <inheritdoc cref="Read{T}()"/>
    /// <param name="root">What a path to something that is not accepted begins with.</param>
    public T Read<T>(string root) =>
        Guard(static (ref MessagePackReader reader, GraphReader graph) => FormatterCache<T>.Instance.Read(ref reader, graph)!, root);

    /// <summary>Reads the elements of a tuple of arguments.</summary>
    public TArguments ReadArguments<TArguments>() => Guard(static (ref MessagePackReader reader, GraphReader graph) =>
        ArgumentsFormatter<TArguments>.Read(ref reader, graph), "");

    /// <summary>Ends the graph. Once only.</summary>
    public void Dispose() => _graph.Return();

    private T Guard<T>(ReadValue<T> read, string root)
    {
        try
        {
            _graph.Declared = typeof(T);
            var reader = new MessagePackReader(_graph.Rest);
            var value = read(ref reader, _graph);
            _graph.Finish();
            _graph.Rest = _graph.Rest[(int)reader.Consumed..];
            return value;
        }
        catch (Exception exception) when (exception is DistrustException || exception.InnerException is DistrustException)
        {
            throw ((exception as DistrustException ?? exception.InnerException as DistrustException)!).ToRefusal(root);
        }
        catch (BoundaryException refusal) when (refusal.Path.Length == 0)
        {
            // A copy that would not be a faithful one: where it stands in the graph is not known any more.
            throw new BoundaryException(root.Length == 0 ? "arg" : root, refusal.Type, refusal.Message);
        }
        catch (Exception exception) when (exception is not (BoundaryFormatException or BoundaryException or OutOfMemoryException))
        {
            throw new BoundaryFormatException(
                $"A value of type {TypeNames.Display(typeof(T))} cannot be read: {exception.Message}", exception);
        }
    }
}
