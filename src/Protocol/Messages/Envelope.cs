using MessagePack;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// JSON-RPC 2.0's own part of a message, in MessagePack as StreamJsonRpc's <c>MessagePackFormatter</c> writes it. What it encloses is bytes here, parts of the
/// message that was read. Null, or empty for <paramref name="Id"/>: it has no such member.
/// </summary>
/// <param name="Id">As it is encoded: the answer to a request has the same bytes.</param>
/// <param name="Method">Of a request or notification.</param>
/// <param name="Parameters">An array.</param>
/// <param name="Result">Of an answer.</param>
/// <param name="Error">Of an answer.</param>
internal readonly record struct Envelope(
    ReadOnlyMemory<byte> Id, string? Method, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte>? Result, ReadOnlyMemory<byte>? Error)
{
    private const string Version = "2.0";

    /// <exception cref="Exception">The bytes are no message, or have a member that JSON-RPC 2.0 does not know.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> content)
    {
        var reader = new MessagePackReader(content);
        var envelope = default(Envelope);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "jsonrpc" when reader.ReadString() == Version:
                    break;
                case "id":
                    envelope = envelope with { Id = Take(content, ref reader) };
                    break;
                case "method":
                    envelope = envelope with { Method = reader.ReadString() };
                    break;
                case "params":
                    envelope = envelope with { Parameters = Take(content, ref reader) };
                    break;
                case "result":
                    envelope = envelope with { Result = Take(content, ref reader) };
                    break;
                case "error":
                    envelope = envelope with { Error = Take(content, ref reader) };
                    break;
                default:
                    throw new MessagePackSerializationException("A message has a member, or a version, that is not JSON-RPC 2.0.");
            }
        }

        return envelope;
    }

    /// <summary>Writes everything up to the array of parameters.</summary>
    public static void BeginRequest(ref MessagePackWriter writer, string method, ReadOnlySpan<byte> id = default)
    {
        writer.WriteMapHeader(id.IsEmpty ? 3 : 4);
        writer.Write("jsonrpc");
        writer.Write(Version);
        if (!id.IsEmpty)
        {
            writer.Write("id");
            writer.WriteRaw(id);
        }

        writer.Write("method");
        writer.Write(method);
        writer.Write("params");
    }

    /// <summary>Writes everything up to the result.</summary>
    public static void BeginResult(ref MessagePackWriter writer, ReadOnlySpan<byte> id) => BeginAnswer(ref writer, id, "result");

    public static void WriteError(ref MessagePackWriter writer, ReadOnlySpan<byte> id, int code, string? message)
    {
        BeginAnswer(ref writer, id, "error");
        writer.WriteMapHeader(2);
        writer.Write("code");
        writer.Write(code);
        writer.Write("message");
        writer.Write(message);
    }

    /// <summary>What a notification with one parameter begins with, up to that: a message that brings many bytes is told by it.</summary>
    public static byte[] Head(string method)
    {
        var buffer = new ByteBuffer();
        var writer = new MessagePackWriter(buffer);
        BeginRequest(ref writer, method);
        writer.WriteArrayHeader(1);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void BeginAnswer(ref MessagePackWriter writer, ReadOnlySpan<byte> id, string kind)
    {
        writer.WriteMapHeader(3);
        writer.Write("jsonrpc");
        writer.Write(Version);
        writer.Write("id");
        writer.WriteRaw(id);
        writer.Write(kind);
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> content, ref MessagePackReader reader)
    {
        var begin = (int)reader.Consumed;
        Messages.Parameters.Skip(ref reader);
        return content[begin..(int)reader.Consumed];
    }
}
