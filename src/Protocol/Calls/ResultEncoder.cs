using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Calls;

/// <summary>Turns how one item ended into a record's kind and body. Reused from item to item; not thread-safe.</summary>
/// <param name="area">Where large results are placed; null: nowhere.</param>
internal sealed class ResultEncoder(BlockArea? area = null)
{
    private const int KeptBuffer = 1 << 20;

    private ByteBuffer _value = new() { Area = area };
    private ByteBuffer? _failure;
    private ILiveExports _live = NoLiveExports.Instance;

    public RecordKind Kind { get; private set; }

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
        _value.Reset();
        if (_value.Capacity > KeptBuffer)
        {
            _value = new ByteBuffer { Area = area };
        }

        Kind = RecordKind.Values;
        ItemBlock.BeginItem(_value);
    }

    /// <summary>The function returned.</summary>
    /// <exception cref="BoundaryException">The value cannot cross.</exception>
    public void Write<T>(T value)
    {
        if (FixedNumber<T>.IsOne)
        {
            FixedNumber<T>.Write(_value, value);
            return;
        }

        using var writer = new BoundaryWriter(_value, _live);
        writer.Write(value, "result");
    }

    /// <summary>The function threw, or its result cannot cross. Never throws.</summary>
    public void WriteFailure(Exception exception)
    {
        // Elsewhere: what has been written of a result may be in a block, where failures do not belong.
        _value.Reset();
        _failure = new ByteBuffer();
        if (exception is BoundaryException refusal)
        {
            Kind = RecordKind.NotSerializable;
            Refusal.Write(_failure, refusal);
        }
        else
        {
            Kind = RecordKind.Fault;
            Faults.Write(_failure, exception, _live);
        }
    }
}
