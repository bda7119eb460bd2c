using System.Buffers;
using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// JSON-RPC 2.0 in MessagePack, as StreamJsonRpc's <c>MessagePackFormatter</c> writes it, for the messages of a worker's pipe. That one can carry any type,
/// and to do so compiles code at run time: nearly half of what a worker's start would cost.
/// </summary>
internal sealed class MessageFormatter : IJsonRpcMessageFormatter
{
    private const string Version = "2.0";

    // The message that brings nearly all the bytes is told by its first ones.
    private static readonly byte[] DoneHead = Head(Methods.Done);
    private static readonly byte[] RunHead = Head(Methods.Run);

    /// <summary>Writes a message into a frame, which takes large blocks as they are.</summary>
    public static void Write(JsonRpcMessage message, ByteBuffer buffer, FrameBuilder frame)
    {
        var writer = new MessagePackWriter(buffer);
        switch (message)
        {
            case JsonRpcRequest request:
                BeginRequest(ref writer, request.Method!, request.IsNotification ? null : request.RequestId);
                writer.WriteArrayHeader(request.ArgumentsList?.Count ?? 0);
                foreach (var argument in request.ArgumentsList ?? [])
                {
                    Parameters.Write(ref writer, argument, frame);
                }

                break;
            case JsonRpcResult result:
                BeginAnswer(ref writer, result.RequestId, "result");
                Parameters.Write(ref writer, result.Result, frame);
                break;
            case JsonRpcError { Error: { } error } failure:
                BeginAnswer(ref writer, failure.RequestId, "error");
                writer.WriteMapHeader(2);
                writer.Write("code");
                writer.Write((int)error.Code);
                writer.Write("message");
                writer.Write(error.Message);
                break;
            default:
                throw new NotSupportedException($"A {message.GetType()} is none of JSON-RPC's messages.");
        }

        writer.Flush();
    }

    /// <summary>Reads a message. Of calls, what they carry is kept with the frame; of results, it is valid until the next frame is read; anything else is copied.</summary>
    /// <param name="frame">What has been read.</param>
    /// <param name="frames">Who has read it.</param>
    /// <param name="area">Where parts of it may be instead; null: nowhere.</param>
    /// <exception cref="Exception">It is none that this class writes.</exception>
    public static JsonRpcMessage Read(ReadOnlyMemory<byte> frame, FrameReader frames, BlockArea? area = null)
    {
        if (frame.Span.StartsWith(DoneHead))
        {
            var done = new MessagePackReader(frame[DoneHead.Length..]);
            return new JsonRpcRequest { Method = Methods.Done, ArgumentsList = [done.ReadBytes()?.First ?? default] };
        }

        if (frame.Span.StartsWith(RunHead))
        {
            var run = new MessagePackReader(frames.Keep(frame)[RunHead.Length..]);
            return new JsonRpcRequest { Method = Methods.Run, ArgumentsList = [WorkUnits.Read(ref run, area)] };
        }

        return Read(frame);
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

    private static JsonRpcMessage Read(ReadOnlyMemory<byte> content)
    {
        var reader = new MessagePackReader(content);
        var id = RequestId.NotSpecified;
        string? method = null;
        JsonRpcError.ErrorDetail? error = null;
        ReadOnlyMemory<byte>? parameters = null;
        ReadOnlyMemory<byte>? result = null;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "jsonrpc" when reader.ReadString() == Version:
                    break;
                case "id":
                    id = reader.NextMessagePackType == MessagePackType.String ? new RequestId(reader.ReadString()) : new RequestId(reader.ReadInt64());
                    break;
                case "method":
                    method = reader.ReadString();
                    break;
                case "params":
                    parameters = Take(content, ref reader);
                    break;
                case "result":
                    result = Take(content, ref reader);
                    break;
                case "error":
                    error = ReadError(ref reader);
                    break;
                default:
                    throw new MessagePackSerializationException("A message has a member, or a version, that is not JSON-RPC 2.0.");
            }
        }

        return method is not null ? new IncomingRequest(parameters ?? default) { Method = method, RequestId = id }
            : error is not null ? new JsonRpcError { RequestId = id, Error = error }
            : result is { } answer ? new IncomingResult(answer.ToArray()) { RequestId = id }
            : throw new MessagePackSerializationException("A message is neither a request nor an answer.");
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> content, ref MessagePackReader reader)
    {
        var begin = (int)reader.Consumed;
        Parameters.Skip(ref reader);
        return content[begin..(int)reader.Consumed];
    }

    private static JsonRpcError.ErrorDetail ReadError(ref MessagePackReader reader)
    {
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

    private static void BeginRequest(ref MessagePackWriter writer, string method, RequestId? id)
    {
        writer.WriteMapHeader(id is null ? 3 : 4);
        writer.Write("jsonrpc");
        writer.Write(Version);
        if (id is { } request)
        {
            writer.Write("id");
            WriteId(ref writer, request);
        }

        writer.Write("method");
        writer.Write(method);
        writer.Write("params");
    }

    private static void BeginAnswer(ref MessagePackWriter writer, RequestId id, string kind)
    {
        writer.WriteMapHeader(3);
        writer.Write("jsonrpc");
        writer.Write(Version);
        writer.Write("id");
        WriteId(ref writer, id);
        writer.Write(kind);
    }

    private static void WriteId(ref MessagePackWriter writer, RequestId id)
    {
        if (id.Number is { } number)
        {
            writer.Write(number);
        }
        else
        {
            writer.Write(id.String);
        }
    }

    // Everything up to the one argument of a notification.
    private static byte[] Head(string method)
    {
        var buffer = new ByteBuffer();
        var writer = new MessagePackWriter(buffer);
        BeginRequest(ref writer, method, id: null);
        writer.WriteArrayHeader(1);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
