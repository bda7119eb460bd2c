using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>A request or notification for a worker. Its parameters are read in order; the values stay valid.</summary>
internal ref struct IncomingMessage
{
    // The message that carries nearly all the bytes.
    private static readonly byte[] RunHead = Envelope.Head(Methods.Run);

    private readonly SharedBufferPool? _buffers;
    private MessagePackReader _parameters;

    private IncomingMessage(string method, ReadOnlyMemory<byte> id, MessagePackReader parameters, SharedBufferPool? buffers)
    {
        Method = method;
        Id = id;
        _parameters = parameters;
        _buffers = buffers;
    }

    public string Method { get; }

    /// <summary>The id for the answer; empty: none is expected. It stays valid.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <param name="frame">The frame.</param>
    /// <param name="frames">The reader of the frame.</param>
    /// <param name="buffers">The shared memory that may contain parts of the message; null: none.</param>
    /// <exception cref="Exception">The frame is not a message, or is an answer, which no worker waits for.</exception>
    public static IncomingMessage Read(ReadOnlyMemory<byte> frame, FrameReader frames, SharedBufferPool? buffers)
    {
        if (frame.Span.StartsWith(RunHead))
        {
            return new IncomingMessage(Methods.Run, default, new MessagePackReader(frames.Keep(frame)[RunHead.Length..]), buffers);
        }

        var envelope = Envelope.Read(frame);
        var parameters = new MessagePackReader(envelope.Parameters ?? default);
        if (envelope.Parameters is not null)
        {
            parameters.ReadArrayHeader();
        }

        var method = envelope.Method ?? throw new MessagePackSerializationException("A worker has asked nothing: this message is no request.");
        return new IncomingMessage(method, envelope.Id.ToArray(), parameters, buffers);
    }

    public int ReadInt32() => _parameters.ReadInt32();

    public long ReadInt64() => _parameters.ReadInt64();

    public string ReadText() => _parameters.ReadString() ?? throw new MessagePackSerializationException("A text is missing.");

    public byte[] ReadBytes() => Parameters.ReadBytes(ref _parameters);

    public long[] ReadInt64s() => Parameters.ReadInt64s(ref _parameters);

    public WorkUnit[] ReadUnits() => WorkUnits.Read(ref _parameters, _buffers);
}
