using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>A request or notification for a worker. Its parameters are read one after the other; what is read lasts.</summary>
internal ref struct IncomingMessage
{
    // The message that brings nearly all the bytes.
    private static readonly byte[] RunHead = Envelope.Head(Methods.Run);

    private readonly BlockArea? _area;
    private MessagePackReader _parameters;

    private IncomingMessage(string method, ReadOnlyMemory<byte> id, MessagePackReader parameters, BlockArea? area)
    {
        Method = method;
        Id = id;
        _parameters = parameters;
        _area = area;
    }

    public string Method { get; }

    /// <summary>What the answer has to bring back; empty: none is expected. It lasts.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <param name="frame">What has been read.</param>
    /// <param name="frames">Who has read it.</param>
    /// <param name="area">Where parts of it may be instead; null: nowhere.</param>
    /// <exception cref="Exception">It is no message, or an answer, which no worker waits for.</exception>
    public static IncomingMessage Read(ReadOnlyMemory<byte> frame, FrameReader frames, BlockArea? area)
    {
        if (frame.Span.StartsWith(RunHead))
        {
            return new IncomingMessage(Methods.Run, default, new MessagePackReader(frames.Keep(frame)[RunHead.Length..]), area);
        }

        var envelope = Envelope.Read(frame);
        var parameters = new MessagePackReader(envelope.Parameters ?? default);
        if (envelope.Parameters is not null)
        {
            parameters.ReadArrayHeader();
        }

        var method = envelope.Method ?? throw new MessagePackSerializationException("A worker has asked nothing: this message is no request.");
        return new IncomingMessage(method, envelope.Id.ToArray(), parameters, area);
    }

    public int ReadInt32() => _parameters.ReadInt32();

    public long ReadInt64() => _parameters.ReadInt64();

    public string ReadText() => _parameters.ReadString() ?? throw new MessagePackSerializationException("A text is missing.");

    public byte[] ReadBytes() => Parameters.ReadBytes(ref _parameters);

    public long[] ReadInt64s() => Parameters.ReadInt64s(ref _parameters);

    public WorkUnit[] ReadUnits() => WorkUnits.Read(ref _parameters, _area);
}
