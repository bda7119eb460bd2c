using System.Buffers;
using MessagePack;
using MultiProc.Protocol.Wire;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// Reads and writes the two messages that carry calls and results, <see cref="Methods.Run"/> and <see cref="Methods.Done"/>, without copying what they carry.
/// On the wire they are what StreamJsonRpc's formatter makes of them; what is not recognized here is left to that formatter.
/// </summary>
internal static class BulkMessages
{
    private static readonly byte[] RunHead = Head(Methods.Run);
    private static readonly byte[] DoneHead = Head(Methods.Done);

    /// <summary>Writes the message if it is one of the two.</summary>
    public static bool TryWrite(JsonRpcMessage message, ByteBuffer buffer, FrameBuilder frame)
    {
        if (message is not JsonRpcRequest { IsNotification: true, ArgumentsList: [var argument] })
        {
            return false;
        }

        var writer = new MessagePackWriter(buffer);
        switch (argument)
        {
            case WorkUnit[] units:
                writer.WriteRaw(RunHead);
                WorkUnitsFormatter.Write(ref writer, units, frame);
                break;
            case RecordBlock block:
                writer.WriteRaw(DoneHead);
                writer.WriteBinHeader(checked(block.Head.Length + block.Rest.Length));
                frame.WriteRaw(ref writer, block.Head);
                frame.WriteRaw(ref writer, block.Rest);
                break;
            default:
                return false;
        }

        writer.Flush();
        return true;
    }

    /// <summary>Reads the message if it is one of the two, and as this class writes it; else null.</summary>
    public static JsonRpcMessage? TryRead(ReadOnlyMemory<byte> frame, FrameReader frames)
    {
        if (frame.Span.StartsWith(DoneHead))
        {
            // Handled before the next frame is read.
            var reader = new MessagePackReader(frame[DoneHead.Length..]);
            return Message(Methods.Done, reader.ReadBytes()?.First ?? default);
        }

        if (frame.Span.StartsWith(RunHead))
        {
            // The units wait for their turn, with what they carry.
            var reader = new MessagePackReader(frames.Keep(frame)[RunHead.Length..]);
            return Message(Methods.Run, WorkUnitsFormatter.Read(ref reader, copies: false));
        }

        return null;
    }

    private static JsonRpcRequest Message(string method, object argument) => new() { Method = method, ArgumentsList = [argument] };

    // Everything up to the one argument.
    private static byte[] Head(string method)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(3);
        writer.Write("jsonrpc");
        writer.Write("2.0");
        writer.Write("method");
        writer.Write(method);
        writer.Write("params");
        writer.WriteArrayHeader(1);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
