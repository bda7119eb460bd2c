using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Strings: UTF-8, or the UTF-16 itself when it is not well-formed.</summary>
internal sealed class StringFormatter : LeafFormatter<string>
{
    private const sbyte Utf16 = 1;
    private const int CountAbove = 1 << 16;

    public override void Write(ref MessagePackWriter writer, string? value, GraphWriter graph)
    {
        if (value is { Length: > CountAbove })
        {
            graph.CountBlock(value.Length * 2L, typeof(string));
        }

        WriteText(ref writer, value);
    }

    /// <summary>Writes text that belongs to no graph.</summary>
    public static void WriteText(ref MessagePackWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        var room = value.Length * 3;
        if (value.Length > CountAbove)
        {
            room = Encoding.UTF8.GetByteCount(value);
        }

        // The header is chosen for the room, so that encoding needs one pass; a longer one than necessary is legal.
        var header = room <= MessagePackRange.MaxFixStringLength ? 1 : room <= byte.MaxValue ? 2 : room <= ushort.MaxValue ? 3 : 5;
        var span = writer.GetSpan(header + room);
        if (Utf8.FromUtf16(value, span[header..], out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            writer.WriteExtensionFormatHeader(new ExtensionHeader(Utf16, (uint)value.Length * 2));
            writer.WriteRaw(MemoryMarshal.AsBytes(value.AsSpan()));
            return;
        }

        WriteHeader(span, header, length);
        writer.Advance(header + length);
    }

    public override string? Read(ref MessagePackReader reader, GraphReader graph) => ReadText(ref reader);

    /// <summary>Reads text.</summary>
    public static string? ReadText(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Extension)
        {
            return reader.ReadString();
        }

        var extension = reader.ReadExtensionFormat();
        if (extension.TypeCode != Utf16 || extension.Data.Length % 2 != 0)
        {
            throw new BoundaryFormatException("A string has an unknown encoding.");
        }

        return new string(MemoryMarshal.Cast<byte, char>(extension.Data.ToArray()));
    }

    private static void WriteHeader(Span<byte> span, int header, int length)
    {
        switch (header)
        {
            case 1:
                span[0] = (byte)(MessagePackCode.MinFixStr | length);
                break;
            case 2:
                span[0] = MessagePackCode.Str8;
                span[1] = (byte)length;
                break;
            case 3:
                span[0] = MessagePackCode.Str16;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)length);
                break;
            default:
                span[0] = MessagePackCode.Str32;
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
                break;
        }
    }
}
