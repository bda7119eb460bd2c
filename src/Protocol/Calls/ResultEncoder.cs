using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Calls;

/// <summary>Turns how one item ended into a record's kind and body. Reused from item to item; not thread-safe.</summary>
internal sealed class ResultEncoder
{
    private const int KeptBuffer = 1 << 20;

    private ByteBuffer _body = new();
    private ILiveExports _live = NoLiveExports.Instance;

    public RecordKind Kind { get; private set; }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>Before each item.</summary>
    public void Reset(ILiveExports live)
    {
        _live = live;
        if (_body.Capacity > KeptBuffer)
        {
            _body = new ByteBuffer();
        }

        _body.Reset();
        Kind = RecordKind.Values;
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
