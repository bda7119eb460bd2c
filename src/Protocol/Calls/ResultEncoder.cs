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

    private ByteBuffer _body = new();
    private ILiveExports _live = NoLiveExports.Instance;

    public RecordKind Kind { get; private set; }

    /// <summary>The result, behind its length, or how the item failed. If it was placed, as <see cref="Kind"/> then says, the block is the caller's; else it is valid until the next item.</summary>
    public ReadOnlyMemory<byte> TakeBody()
    {
        if (Kind == RecordKind.Values)
        {
            ItemBlock.EndItem(_body, ItemBlock.PrefixLength);
        }

        if (_body.TryTakeBlock(out var body))
        {
            Kind = RecordKind.Placed;
        }

        return body;
    }

    /// <summary>Before each item.</summary>
    public void Reset(ILiveExports live)
    {
        _live = live;
        _body.Reset();
        if (_body.Capacity > KeptBuffer)
        {
            _body = new ByteBuffer();
        }

        _body.Area = area;
        Kind = RecordKind.Values;
        ItemBlock.BeginItem(_body);
    }

    /// <summary>The function returned.</summary>
    /// <exception cref="BoundaryException">The value cannot cross.</exception>
    public void Write<T>(T value)
    {
        if (FixedNumber<T>.IsOne)
        {
            FixedNumber<T>.Write(_body, value);
            return;
        }

        using var writer = new BoundaryWriter(_body, _live);
        writer.Write(value, "result");
    }

    /// <summary>The function threw, or its result cannot cross. Never throws.</summary>
    public void WriteFailure(Exception exception)
    {
        _body.Reset();
        _body.Area = null;
        if (exception is BoundaryException refusal)
        {
            Kind = RecordKind.NotSerializable;
            Refusal.Write(_body, refusal);
        }
        else
        {
            Kind = RecordKind.Fault;
            Faults.Write(_body, exception);
        }
    }
}
