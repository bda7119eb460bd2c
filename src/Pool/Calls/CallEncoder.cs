using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>The encoder of calls. It rejects a call that cannot be copied before anything is sent.</summary>
internal static class CallEncoder
{
    private const int KeptBuffer = 1 << 20;

    private static readonly DelegateCache<ReadOnlyMemory<byte>> Codes = new();

    [ThreadStatic]
    private static ByteBuffer? _buffer;

    /// <summary>
    /// The graph of a function that captures nothing, made once; empty when it does capture, or cannot cross.
    /// </summary>
    public static ReadOnlyMemory<byte> Code(Delegate function)
    {
        if (!Codes.TryGetValue(function, out var code))
        {
            ApplicationAssemblies.OfProcess.Include(function);
            code = Codes.Add(function, BoundaryWriter.CapturesNothing(function) ? Function(function, new LiveExports(static _ => { })) : default);
        }

        return code;
    }

    /// <summary>Encodes the arguments alone.</summary>
    /// <param name="arguments">The arguments, as a tuple.</param>
    /// <param name="live">The live objects among them: tokens, progress objects and the like.</param>
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

    /// <summary>
    /// Encodes function and arguments as one graph, so that an object that both refer to is one object in the
    /// worker, too.
    /// </summary>
    /// <param name="function">The function. It may capture anything that can be copied.</param>
    /// <param name="arguments">The arguments, as a tuple.</param>
    /// <param name="live">The live objects among them: tokens, progress objects and the like.</param>
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

    /// <summary>Encodes the function alone, for a map.</summary>
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

    // Writing runs user code, such as getters, which may throw any exception. The unfinished block is returned in
    // every case.
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
        // Writing may run user code (a comparer, an enumerator) that submits calls itself, so a buffer in use is not
        // shared.
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
        return written.Length <= ArgumentSlices.MaxLength ? ArgumentSlices.Copy(written.Span) : written.ToArray();
    }

    private sealed class KeptFunction(LiveExports live) : PoolFunction.IVisitor<ReadOnlyMemory<byte>>
    {
        public ReadOnlyMemory<byte> Visit<TArguments>(Delegate function, TArguments arguments) => Call(function, arguments, live);
    }
}
