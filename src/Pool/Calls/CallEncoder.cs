using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>Turns a call into bytes; what cannot be copied is refused here, before anything is sent.</summary>
internal static class CallEncoder
{
    private const int KeptBuffer = 1 << 20;

    private static readonly DelegateCache<ReadOnlyMemory<byte>> Codes = new();

    [ThreadStatic]
    private static ByteBuffer? _buffer;

    /// <summary>The graph of a function that captures nothing, made once; empty when it does capture, or cannot cross.</summary>
    public static ReadOnlyMemory<byte> Code(Delegate function)
    {
        if (!Codes.TryGetValue(function, out var code))
        {
            ApplicationAssemblies.OfProcess.Include(function);
            code = Codes.Add(function, BoundaryWriter.CapturesNothing(function) ? Function(function, new LiveExports(static _ => { })) : default);
        }

        return code;
    }

    /// <summary>The arguments alone.</summary>
    /// <param name="arguments">A tuple of them.</param>
    /// <param name="live">What of them crosses live.</param>
    /// <param name="buffers">The shared memory for large arguments; null: none.</param>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Arguments<TArguments>(in TArguments arguments, LiveExports live, SharedBufferPool? buffers = null)
    {
        var buffer = Rent(buffers);
        try
        {
            BoundaryWriter.WriteArguments(buffer, arguments, live);
        }
        catch (BoundaryException refusal)
        {
            GiveUp(buffer);
            throw RemoteFaults.NotSerializable(refusal);
        }
        catch
        {
            GiveUp(buffer);
            throw;
        }

        return Return(buffer);
    }

    /// <summary>Function and arguments as one graph: what both hold is one object on the other side.</summary>
    /// <param name="function">May capture what can be copied.</param>
    /// <param name="arguments">A tuple of them.</param>
    /// <param name="live">What of them crosses live.</param>
    /// <param name="buffers">The shared memory for a large graph; null: none.</param>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Call<TArguments>(Delegate function, in TArguments arguments, LiveExports live, SharedBufferPool? buffers = null)
    {
        ApplicationAssemblies.OfProcess.Include(function);
        var buffer = Rent(buffers);
        try
        {
            using var writer = new BoundaryWriter(buffer, live);
            writer.WriteFunction(function);
            writer.WriteArguments(arguments);
        }
        catch (BoundaryException refusal)
        {
            GiveUp(buffer);
            throw RemoteFaults.NotSerializable(refusal);
        }
        catch
        {
            GiveUp(buffer);
            throw;
        }

        return Return(buffer);
    }

    /// <summary>The function alone, for a map.</summary>
    /// <exception cref="NotSerializableException">Something it captures cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Function(Delegate function, LiveExports live)
    {
        ApplicationAssemblies.OfProcess.Include(function);
        var buffer = Rent(buffers: null);
        try
        {
            using var writer = new BoundaryWriter(buffer, live);
            writer.WriteFunction(function);
        }
        catch (BoundaryException refusal)
        {
            GiveUp(buffer);
            throw RemoteFaults.NotSerializable(refusal);
        }
        catch
        {
            GiveUp(buffer);
            throw;
        }

        return Return(buffer);
    }

    /// <summary>A function that was kept, with its arguments as they are now; empty: there is none.</summary>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public static ReadOnlyMemory<byte> Kept(PoolFunction? function, LiveExports live) => function?.Accept(new KeptFunction(live)) ?? default;

    // Writing runs user code, such as getters, which may throw anything: whatever it was, the block that was being written is given back.
    private static void GiveUp(ByteBuffer buffer)
    {
        buffer.Reset();
        buffer.Pool = null;
        if (buffer.Capacity <= KeptBuffer)
        {
            _buffer = buffer;
        }
    }

    private static ByteBuffer Rent(SharedBufferPool? buffers)
    {
        // Writing may run user code (a comparer, an enumerator) that submits calls itself: what is in use is not shared.
        var buffer = _buffer ?? new ByteBuffer();
        _buffer = null;
        buffer.Reset();
        buffer.Pool = buffers;
        return buffer;
    }

    private static ReadOnlyMemory<byte> Return(ByteBuffer buffer)
    {
        buffer.Pool = null;
        if (buffer.TryTakeBlock(out var written))
        {
            _buffer = buffer;
            return written;
        }

        if (buffer.Capacity > KeptBuffer)
        {
            return written;
        }

        _buffer = buffer;
        return written.Length <= ArgumentSlices.Longest ? ArgumentSlices.Copy(written.Span) : written.ToArray();
    }

    private sealed class KeptFunction(LiveExports live) : PoolFunction.IVisitor<ReadOnlyMemory<byte>>
    {
        public ReadOnlyMemory<byte> Visit<TArguments>(Delegate function, TArguments arguments) => Call(function, arguments, live);
    }
}
