using System.Text;
using MessagePack;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The JSON-RPC 2.0 envelope of a message, in MessagePack as StreamJsonRpc's <c>MessagePackFormatter</c> writes it. Its
/// content is kept as bytes, which are slices of the message. Null, or empty for <paramref name="Id"/>, means that the
/// member is missing.
/// </summary>
/// <param name="Id">The id in its encoded form: the answer to a request has the same bytes.</param>
/// <param name="Method">The method of a request or notification.</param>
/// <param name="Parameters">The parameters, an array.</param>
/// <param name="Result">The result of an answer.</param>
/// <param name="Error">The error of an answer.</param>
internal readonly record struct Envelope(
    ReadOnlyMemory<byte> Id, string? Method, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte>? Result, ReadOnlyMemory<byte>? Error)
{
    private const string Version = "2.0";
    private const int MaxNameLength = 64;
    private const int MaxIdLength = 64;

    /// <exception cref="Exception">
    /// The bytes are not a message, or have a member that JSON-RPC 2.0 does not define.
    /// </exception>
    public static Envelope Read(ReadOnlyMemory<byte> content)
    {
        var reader = new MessagePackReader(content);
        var envelope = default(Envelope);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (ReadName(ref reader))
            {
                case "jsonrpc" when ReadName(ref reader) == Version:
                    break;
                case "id":
                    envelope = envelope with { Id = Take(content, ref reader, left) };
                    if (envelope.Id.Length > MaxIdLength)
                    {
                        throw new MessagePackSerializationException($"The id of a message has {envelope.Id.Length} bytes; at most {MaxIdLength} are possible.");
                    }

                    break;
                case "method":
                    envelope = envelope with { Method = ReadName(ref reader) };
                    break;
                case "params":
                    envelope = envelope with { Parameters = Take(content, ref reader, left) };
                    break;
                case "result":
                    envelope = envelope with { Result = Take(content, ref reader, left) };
                    break;
                case "error":
                    envelope = envelope with { Error = Take(content, ref reader, left) };
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
        Begin(ref writer, id.IsEmpty ? 3 : 4);
        if (!id.IsEmpty)
        {
            WriteName(ref writer, "id");
            writer.WriteRaw(id);
        }

        WriteName(ref writer, "method");
        WriteName(ref writer, method);
        WriteName(ref writer, "params");
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

    /// <summary>
    /// The encoded head of a notification with one parameter, up to that parameter. The message that carries most of
    /// the bytes is recognized by it.
    /// </summary>
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
        Begin(ref writer, 3);
        WriteName(ref writer, "id");
        writer.WriteRaw(id);
        WriteName(ref writer, kind);
    }

    private static void Begin(ref MessagePackWriter writer, int members)
    {
        WriteByte(ref writer, MessagePackCode.MinFixMap | members);
        WriteName(ref writer, "jsonrpc");
        WriteName(ref writer, Version);
    }

    // Names of members and methods are ASCII, and shorter than 32 characters. The writer's general method for text
    // would be compiled by every worker before its first answer.
    private static void WriteName(ref MessagePackWriter writer, string name)
    {
        WriteByte(ref writer, MessagePackCode.MinFixStr | name.Length);
        var bytes = writer.GetSpan(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            bytes[i] = (byte)name[i];
        }

        writer.Advance(name.Length);
    }

    private static void WriteByte(ref MessagePackWriter writer, int value)
    {
        writer.GetSpan(1)[0] = (byte)value;
        writer.Advance(1);
    }

    // The name of an unknown method is sent back in the error, so its length is limited.
    private static string ReadName(ref MessagePackReader reader) => reader.TryReadStringSpan(out var name) && name.Length <= MaxNameLength ? Encoding.UTF8.GetString(name)
        : throw new MessagePackSerializationException("A message has a member, or a method, without a name or with one that is too long.");

    // The last member needs no search for its end. The id, which is a number in every StreamJsonRpc message, needs no
    // code that is compiled for nothing else.
    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> content, ref MessagePackReader reader, int left)
    {
        var begin = (int)reader.Consumed;
        if (left == 1)
        {
            return content[begin..];
        }

        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            reader.ReadInt64();
        }
        else
        {
            Messages.Parameters.Skip(ref reader);
        }

        return content[begin..(int)reader.Consumed];
    }
}
