using System.Runtime.CompilerServices;
using MultiProc.Boundary;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// The encoder of an item's outcome as a record's kind and body. Reused for each item; not thread-safe.
/// </summary>
/// <param name="buffers">The shared memory for large results; null: none.</param>
/// <param name="maxBytes">The maximum size in bytes of the graph of a result.</param>
internal sealed class ResultEncoder(SharedBufferPool? buffers = null, long maxBytes = IncomingResults.MaxBytes)
{
    private const int MaxRetainedBuffer = 1 << 20;
    private const int MaxMessage = 1_000;

    private readonly long _maxWritten = ItemBlock.PrefixLength + maxBytes;
    private ByteBuffer _value = new() { Pool = buffers, Limit = maxBytes };
    private ByteBuffer? _failure;
    private ILiveExports _live = NoLiveExports.Instance;

    public RecordKind Kind { get; private set; }

    /// <summary>Whether the function's arguments have been decoded, and so the function has been called.</summary>
    public bool HasDecoded { get; private set; }

    /// <summary>
    /// Called when a function's arguments are decoded, just before the call; null: nothing is called.
    /// </summary>
    public Action? OnDecoded { get; set; }

    /// <summary>
    /// Takes the result with its length in front, or the failure. If the result is placed in shared memory, as
    /// <see cref="Kind"/> then says, the caller owns the block; otherwise the body is valid until the next item.
    /// </summary>
    public ReadOnlyMemory<byte> TakeBody()
    {
        if (Kind != RecordKind.Values)
        {
            return _failure!.WrittenMemory;
        }

        ItemBlock.EndItem(_value, ItemBlock.PrefixLength);
        if (_value.TryTakeBlock(out var body))
        {
            Kind = RecordKind.Placed;
        }

        return body;
    }

    /// <summary>Prepares for the next item.</summary>
    public void Reset(ILiveExports live)
    {
        _live = live;
        HasDecoded = false;
        _value.Reset();
        if (_value.Capacity > MaxRetainedBuffer)
        {
            _value = new ByteBuffer { Pool = buffers, Limit = maxBytes };
        }

        Kind = RecordKind.Values;
        ItemBlock.BeginItem(_value);
    }

    /// <summary>Notes that the arguments are decoded and the function is about to be called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteDecoded()
    {
        HasDecoded = true;
        if (OnDecoded is { } onDecoded)
        {
            onDecoded();
        }
    }

    /// <summary>Notes that the last argument, and so all, are decoded; returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Decoded<T>(T lastArgument)
    {
        NoteDecoded();
        return lastArgument;
    }

    /// <summary>Encodes the function's result.</summary>
    /// <exception cref="BoundaryException">The value cannot be serialized.</exception>
    public void Write<T>(T value)
    {
        if (FixedNumber<T>.IsOne)
        {
            FixedNumber<T>.Write(_value, value);
        }
        else
        {
            WriteGraph(value);
        }

        if (_value.WrittenCount > _maxWritten)
        {
            throw TooLarge(typeof(T));
        }
    }

    /// <summary>Encodes an exception of the function, or of the serialization of its result. Never throws.</summary>
    public void WriteFailure(Exception exception)
    {
        // In another buffer: the partial result may be in shared memory, which failures do not use.
        _value.Reset();
        _failure = new ByteBuffer();
        if (exception is not BoundaryException refusal)
        {
            Kind = RecordKind.Fault;
            Faults.Write(_failure, exception, _live);
            if (_failure.WrittenCount <= Math.Max(maxBytes, IncomingResults.MinFailureLimit))
            {
                return;
            }

            refusal = new BoundaryException(
                "exception", exception.GetType(),
                $"The function threw an exception of type {exception.GetType()}, which takes {_failure.WrittenCount:N0} bytes with what it holds; "
                + $"at most {Math.Max(maxBytes, IncomingResults.MinFailureLimit):N0} are allowed. Throw one that holds less, or raise ProcessPoolOptions.MaxResultBytes. "
                + $"Its message begins: {BeginningOf(exception)}");
            _failure = new ByteBuffer();
        }

        Kind = RecordKind.NotSerializable;
        Refusal.Write(_failure, refusal);
    }

    private static string BeginningOf(Exception exception)
    {
        try
        {
            return exception.Message[..Math.Min(exception.Message.Length, MaxMessage)];
        }
        catch (Exception thrown)
        {
            // The property is user code.
            return $"(its message cannot be read: {thrown.GetType().Name})";
        }
    }

    private void WriteGraph<T>(T value)
    {
        using var writer = new BoundaryWriter(_value, _live);
        try
        {
            writer.Write(value, "result");
        }
        catch (InsufficientMemoryException)
        {
            throw TooLarge(typeof(T));
        }
    }

    private BoundaryException TooLarge(Type type) => new(
        "result", type,
        $"The result, of type {type}, takes more than {maxBytes:N0} bytes, which is the most that "
        + (maxBytes < IncomingResults.MaxBytes ? "ProcessPoolOptions.MaxResultBytes allows. Return less, or raise that option." : "one result can take. Return it in several."));
}
