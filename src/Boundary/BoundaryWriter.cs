using System.Buffers;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Writes one graph. Everything written between construction and <see cref="Dispose"/> belongs to it: an object written twice is one object
/// on the other side.
/// </summary>
/// <remarks>Not thread-safe. After a refusal the output holds an unfinished graph and is to be discarded.</remarks>
internal readonly struct BoundaryWriter : IDisposable
{
    private readonly IBufferWriter<byte> _output;
    private readonly GraphWriter _graph;

    /// <summary>Begins a graph that is appended to <paramref name="output"/>.</summary>
    public BoundaryWriter(IBufferWriter<byte> output, ILiveExports live)
    {
        _output = output;
        _graph = GraphWriter.Rent(output, live);
    }

    /// <summary>Writes a graph that is nothing but arguments.</summary>
    /// <exception cref="BoundaryException">Something in an argument cannot cross.</exception>
    public static void WriteArguments<TArguments>(ByteBuffer output, in TArguments arguments, ILiveExports live)
    {
        if (!ArgumentsFormatter<TArguments>.Instance.TryWriteNumbers(output, arguments))
        {
            using var writer = new BoundaryWriter(output, live);
            writer.WriteArguments(arguments);
        }
    }

    /// <summary>Whether a function brings nothing but the reference to its code: then its graph is always the same.</summary>
    public static bool CapturesNothing(Delegate function) =>
        function.HasSingleTarget && FunctionReference.For(function) is { Kind: TargetKind.None or TargetKind.Stateless, Encoded.Length: > 0 };

    /// <summary>Writes a function: the reference to its code and, by value, what it is bound to.</summary>
    /// <exception cref="BoundaryException">Something captured cannot cross; the path begins with the variable's name.</exception>
    public void WriteFunction(Delegate function)
    {
        _graph.Called = function.HasSingleTarget ? FunctionReference.For(function) : null;
        Write(function, "");
    }

    /// <summary>Writes <paramref name="value"/>; a path to something that cannot cross begins with <paramref name="root"/>.</summary>
    /// <exception cref="BoundaryException">Something in the value cannot cross.</exception>
    public void Write<T>(T value, string root)
    {
        _graph.Path.StartAt(root);
        var writer = new MessagePackWriter(_output);
        FormatterCache<T>.Instance.Write(ref writer, value, _graph);
        writer.Flush();
    }

    /// <summary>Writes the elements of a tuple one after another: <c>arg</c> when there is one, else <c>arg1</c> to <c>arg8</c>.</summary>
    /// <exception cref="BoundaryException">Something in an element cannot cross.</exception>
    public void WriteArguments<TArguments>(in TArguments arguments)
    {
        _graph.Path.StartAt("");
        var writer = new MessagePackWriter(_output);
        ArgumentsFormatter<TArguments>.Instance.Write(ref writer, arguments, _graph);
        writer.Flush();
    }

    /// <summary>Writes an exception without its inner exceptions, and perhaps without members that cannot cross.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="receiver">What the receiver accepts.</param>
    /// <param name="leavesOut">Whether members that cannot cross are left out; else they are refused.</param>
    /// <returns>The paths to what was left out.</returns>
    public IReadOnlyList<string> WriteDetached(Exception exception, Trust receiver, bool leavesOut)
    {
        _graph.Detached = exception;
        _graph.LeavesOut = leavesOut;
        _graph.Receiver = receiver.IsFull ? null : receiver;
        Write(exception, "exception");
        return _graph.LeftOut ?? [];
    }

    /// <summary>Ends the graph. Once only.</summary>
    public void Dispose()
    {
        try
        {
            _graph.TellWritten();
        }
        finally
        {
            _graph.Return();
        }
    }
}
