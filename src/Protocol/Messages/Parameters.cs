using MessagePack;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The encoding of the types of parameters and results that host and worker send each other. Any other type is a
/// programming error.
/// </summary>
internal static class Parameters
{
    // As deep as a work unit is nested.
    private const int MaxDepth = 4;

    public static void WriteAll(ref MessagePackWriter writer, IReadOnlyList<object?> values, FrameBuilder frame)
    {
        writer.WriteArrayHeader(values.Count);
        foreach (var value in values)
        {
            Write(ref writer, value, frame);
        }
    }

    public static void Write(ref MessagePackWriter writer, object? value, FrameBuilder frame)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case int number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case string text:
                writer.Write(text);
                break;
            case ReadOnlyMemory<byte> block:
                frame.WriteBlock(ref writer, block);
                break;
            case RecordBlock records:
                writer.WriteBinHeader(checked(records.Head.Length + records.Rest.Length));
                frame.WriteRaw(ref writer, records.Head);
                frame.WriteRaw(ref writer, records.Rest);
                break;
            case ReadOnlyMemory<WorkUnit> units:
                WorkUnits.Write(ref writer, units.Span, frame);
                break;
            case long[] numbers:
                writer.WriteArrayHeader(numbers.Length);
                foreach (var number in numbers)
                {
                    writer.Write(number);
                }

                break;
            case string[] texts:
                writer.WriteArrayHeader(texts.Length);
                foreach (var text in texts)
                {
                    writer.Write(text);
                }

                break;
            default:
                throw new NotSupportedException($"No message carries a {value.GetType()}.");
        }
    }

    /// <summary>Reads a value, which does not depend on the buffer afterwards.</summary>
    /// <exception cref="Exception">The bytes are not a value of that type.</exception>
    public static object? Read(ref MessagePackReader reader, Type type)
    {
        if (type == typeof(int))
        {
            return reader.ReadInt32();
        }

        if (type == typeof(long))
        {
            return reader.ReadInt64();
        }

        if (type == typeof(string))
        {
            return reader.ReadString();
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return new ReadOnlyMemory<byte>(ReadBytes(ref reader));
        }

        if (type == typeof(long[]))
        {
            return ReadInt64s(ref reader);
        }

        if (type == typeof(string[]))
        {
            var texts = new string?[reader.ReadArrayHeader()];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = reader.ReadString();
            }

            return texts;
        }

        throw new NotSupportedException($"No message carries a {type}.");
    }

    public static byte[] ReadBytes(ref MessagePackReader reader) => reader.ReadBytes() is { IsSingleSegment: true } bytes ? bytes.FirstSpan.ToArray() : [];

    public static long[] ReadInt64s(ref MessagePackReader reader)
    {
        var numbers = new long[reader.ReadArrayHeader()];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.ReadInt64();
        }

        return numbers;
    }

    /// <summary>Skips a value of any type.</summary>
    /// <exception cref="Exception">The value is truncated, or nested deeper than anything that is sent.</exception>
    public static void Skip(ref MessagePackReader reader, int depth = 0)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array when depth < MaxDepth:
                for (var left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    Skip(ref reader, depth + 1);
                }

                break;
            case MessagePackType.Map when depth < MaxDepth:
                for (var left = reader.ReadMapHeader(); left > 0; left--)
                {
                    Skip(ref reader, depth + 1);
                    Skip(ref reader, depth + 1);
                }

                break;
            case MessagePackType.Array or MessagePackType.Map:
                throw new MessagePackSerializationException("A message is nested deeper than any that is sent here.");
            default:
                reader.Skip();
                break;
        }
    }
}
