using System.Runtime.CompilerServices;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Calls;

/// <summary>Turns how one item ended into a record's kind and body. Reused from item to item; not thread-safe.</summary>
/// <param name="area">Where large results are placed; null: nowhere.</param>
/// <param name="maxBytes">The most bytes that the graph of a result may have.</param>
internal sealed class ResultEncoder(BlockArea? area = null, long maxBytes = IncomingResults.MaxBytes)
{
    private const int MaxRetainedBuffer = 1 << 20;
    private const int MaxMessage = 1_000;

    private readonly long _maxWritten = ItemBlock.PrefixLength + maxBytes;
    private ByteBuffer _value = new() { Area = area, Limit = maxBytes };
    private ByteBuffer? _failure;
    private ILiveExports _live = NoLiveExports.Instance;

    public RecordKind Kind { get; private set; }

    /// <summary>Whether the function's arguments have been decoded: it has been called then.</summary>
    public bool HasDecoded { get; private set; }

    /// <summary>Told when a function's arguments are decoded, just before it is called; null: nobody is.</summary>
    public Action? OnDecoded { get; set; }

    /// <summary>The result, behind its length, or how the item failed. If it was placed, as <see cref="Kind"/> then says, the block is the caller's; else it is valid until the next item.</summary>
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

    /// <summary>Before each item.</summary>
    public void Reset(ILiveExports live)
    {
        _live = live;
        HasDecoded = false;
        _value.Reset();
        if (_value.Capacity > MaxRetainedBuffer)
        {
            _value = new ByteBuffer { Area = area, Limit = maxBytes };
        }

        Kind = RecordKind.Values;
        ItemBlock.BeginItem(_value);
    }

    /// <summary>A function's arguments are decoded, and it is about to be called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteDecoded()
    {
        HasDecoded = true;
        if (OnDecoded is { } onDecoded)
        {
            onDecoded();
        }
    }

    /// <summary>Passes on the last argument: the others are decoded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Decoded<T>(T lastArgument)
    {
        NoteDecoded();
        return lastArgument;
    }

    /// <summary>The function returned.</summary>
    /// <exception cref="BoundaryException">The value cannot cross.</exception>
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

    /// <summary>The function threw, or its result cannot cross. Never throws.</summary>
    public void WriteFailure(Exception exception)
    {
        // Elsewhere: what has been written of a result may be in a block, where failures do not belong.
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
            // The property is the user's own code.
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
