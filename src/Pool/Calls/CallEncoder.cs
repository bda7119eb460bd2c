using System.Collections.Concurrent;
using System.Reflection;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Wire;

namespace MultiProc.Calls;

/// <summary>Turns a call into bytes; what cannot be copied is refused here, before anything is sent.</summary>
internal static class CallEncoder
{
    private const int KeptBuffer = 1 << 20;

    private static readonly ConcurrentDictionary<(Type Type, MethodInfo Method), ReadOnlyMemory<byte>> Codes = new();

    [ThreadStatic]
    private static ByteBuffer? _buffer;

    /// <summary>The graph of a function that captures nothing, made once; empty when it does capture, or cannot cross.</summary>
    public static ReadOnlyMemory<byte> Code(Delegate function)
    {
        var key = (function.GetType(), function.Method);
        if (!Codes.TryGetValue(key, out var code))
        {
            code = BoundaryWriter.CapturesNothing(function) ? Function(function, new LiveExports(static _ => { })) : default;
            Codes.TryAdd(key, code);
        }

        return code;
    }

    /// <summary>The arguments alone.</summary>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Arguments<TArguments>(in TArguments arguments, LiveExports live)
    {
        var buffer = Rent();
        try
        {
            BoundaryWriter.WriteArguments(buffer, arguments, live);
        }
        catch (BoundaryException refusal)
        {
            throw Failures.NotSerializable(refusal);
        }

        return Return(buffer);
    }

    /// <summary>Function and arguments as one graph: what both hold is one object on the other side.</summary>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Call<TArguments>(Delegate function, in TArguments arguments, LiveExports live)
    {
        var buffer = Rent();
        try
        {
            using var writer = new BoundaryWriter(buffer, live);
            writer.WriteFunction(function);
            writer.WriteArguments(arguments);
        }
        catch (BoundaryException refusal)
        {
            throw Failures.NotSerializable(refusal);
        }

        return Return(buffer);
    }

    /// <summary>The function alone, for a map.</summary>
    /// <exception cref="NotSerializableException">Something it captures cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Function(Delegate function, LiveExports live)
    {
        var buffer = Rent();
        try
        {
            using var writer = new BoundaryWriter(buffer, live);
            writer.WriteFunction(function);
        }
        catch (BoundaryException refusal)
        {
            throw Failures.NotSerializable(refusal);
        }

        return Return(buffer);
    }

    private static ByteBuffer Rent()
    {
        // Writing may run user code (a comparer, an enumerator) that submits calls itself: what is in use is not shared.
        var buffer = _buffer ?? new ByteBuffer();
        _buffer = null;
        buffer.Reset();
        return buffer;
    }

    private static ReadOnlyMemory<byte> Return(ByteBuffer buffer)
    {
        if (buffer.Capacity > KeptBuffer)
        {
            return buffer.WrittenMemory;
        }

        _buffer = buffer;
        return buffer.WrittenSpan.ToArray();
    }
}
