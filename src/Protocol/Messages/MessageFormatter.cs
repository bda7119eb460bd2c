using System.Buffers;
using MessagePack;
using MultiProc.Boundary;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The formatter between StreamJsonRpc and the messages of a worker's pipe. The library's own formatter can carry any
/// type, and compiles code at run time to do so; this one supports only the types that are sent.
/// </summary>
internal sealed class MessageFormatter : IJsonRpcMessageFormatter
{
    /// <summary>The maximum size in bytes of a log entry. A worker shortens its entries to less.</summary>
    public const int MaxLogLine = 1 << 22;

    // The message that carries nearly all the bytes.
    private static readonly byte[] DoneHead = Envelope.Head(Methods.Done);

    /// <summary>Writes a message into a frame, which references large blocks without copying them.</summary>
    public static void Write(JsonRpcMessage message, ByteBuffer buffer, FrameBuilder frame)
    {
        var writer = new MessagePackWriter(buffer);
        switch (message)
        {
            case JsonRpcRequest request:
                Envelope.BeginRequest(ref writer, request.Method!, request.IsNotification ? [] : Encode(request.RequestId));
                Parameters.WriteAll(ref writer, request.ArgumentsList ?? [], frame);
                break;
            case JsonRpcResult result:
                Envelope.BeginResult(ref writer, Encode(result.RequestId));
                Parameters.Write(ref writer, result.Result, frame);
                break;
            case JsonRpcError { Error: { } error } failure:
                Envelope.WriteError(ref writer, Encode(failure.RequestId), (int)error.Code, error.Message);
                break;
            default:
                throw new NotSupportedException($"A {message.GetType()} is none of JSON-RPC's messages.");
        }

        writer.Flush();
    }

    /// <summary>
    /// Reads a message. The content of results is valid until the next frame is read; everything else is copied.
    /// </summary>
    /// <exception cref="Exception">The frame is not a message of this protocol.</exception>
    public static JsonRpcMessage Read(ReadOnlyMemory<byte> frame)
    {
        if (frame.Span.StartsWith(DoneHead))
        {
            var done = new MessagePackReader(frame[DoneHead.Length..]);
            return new JsonRpcRequest { Method = Methods.Done, ArgumentsList = [done.ReadBytes()?.First ?? default] };
        }

        var envelope = Envelope.Read(frame);
        var id = DecodeId(envelope.Id);
        if (envelope is { Method: Methods.Part, Id.IsEmpty: true, Parameters: { } part })
        {
            return ReadPart(part);
        }

        if (envelope.Method == Methods.Log && frame.Length > MaxLogLine)
        {
            throw new InvalidDataException($"A log line has {frame.Length} bytes; at most {MaxLogLine} are possible.");
        }

        return envelope.Method is { } method ? new IncomingRequest(envelope.Parameters ?? default) { Method = method, RequestId = id }
            : envelope.Error is { } error ? new JsonRpcError { RequestId = id, Error = ReadError(error) }
            : envelope.Result is { } result ? new IncomingResult(result.ToArray()) { RequestId = id }
            : throw new MessagePackSerializationException("A message is neither a request nor an answer.");
    }

    public void Serialize(IBufferWriter<byte> bufferWriter, JsonRpcMessage message)
    {
        var frame = new FrameBuilder();
        Write(message, frame.Begin(), frame);
        var parts = frame.End();
        bufferWriter.Write(parts.First.Span[FrameReader.HeaderLength..]);
        foreach (var part in parts.Rest ?? [])
        {
            bufferWriter.Write(part.Span);
        }
    }

    public JsonRpcMessage Deserialize(ReadOnlySequence<byte> contentBuffer) => Read(contentBuffer.ToArray());

    public object GetJsonText(JsonRpcMessage message) => message.ToString() ?? "";

    // As with results, the bytes are slices of the frame.
    private static JsonRpcRequest ReadPart(ReadOnlyMemory<byte> parameters)
    {
        var reader = new MessagePackReader(parameters);
        return reader.ReadArrayHeader() == 2
            ? new JsonRpcRequest { Method = Methods.Part, ArgumentsList = [reader.ReadInt64(), reader.ReadBytes()?.First ?? default] }
            : throw new MessagePackSerializationException("A part is told by its unit and its bytes.");
    }

    private static JsonRpcError.ErrorDetail ReadError(ReadOnlyMemory<byte> content)
    {
        var reader = new MessagePackReader(content);
        var error = new JsonRpcError.ErrorDetail();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "code":
                    error.Code = (JsonRpcErrorCode)reader.ReadInt32();
                    break;
                case "message":
                    error.Message = reader.ReadString();
                    break;
                case "data":
                    Parameters.Skip(ref reader);
                    break;
                default:
                    throw new MessagePackSerializationException("An error has a code and a message.");
            }
        }

        return error;
    }

    private static byte[] Encode(RequestId id)
    {
        var buffer = new ByteBuffer();
        var writer = new MessagePackWriter(buffer);
        if (id.Number is { } number)
        {
            writer.Write(number);
        }
        else
        {
            writer.Write(id.String);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static RequestId DecodeId(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return RequestId.NotSpecified;
        }

        var reader = new MessagePackReader(encoded);
        return reader.NextMessagePackType == MessagePackType.String ? new RequestId(reader.ReadString()) : new RequestId(reader.ReadInt64());
    }
}
