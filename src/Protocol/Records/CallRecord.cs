using System.Text.Json;

namespace MultiProc.Protocol.Records;

/// <summary>
/// One call that did not return, with everything that is needed to make it again. In a file: a line of JSON, so that its beginning can be read with any tool,
/// and then the graphs that it gives the sizes of.
/// </summary>
/// <param name="Header">What it tells in words.</param>
/// <param name="Initializer">The pool's initializer, function and arguments in one graph; empty: none.</param>
/// <param name="Function">For an item of a map: its function's graph. Else empty.</param>
/// <param name="Arguments">For an item of a map: its arguments' graph. Else one graph of function and arguments.</param>
internal sealed record CallRecord(
    RecordHeader Header, ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Arguments)
{
    public const string Extension = ".mpcall";
    public const int Format = 1;

    private const int LongestHeader = 16 << 20;

    /// <exception cref="InvalidDataException">The file is not a record, or not a whole one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CallRecord Read(string path)
    {
        ReadOnlyMemory<byte> content = File.ReadAllBytes(path);
        var end = content.Span[..Math.Min(content.Length, LongestHeader)].IndexOf((byte)'\n');
        if (end < 0 || Parse(content.Span[..end]) is not { } header)
        {
            throw new InvalidDataException($"{path} is no record of a call: its first line is not what MultiProc writes.");
        }

        if (header.Format != Format)
        {
            throw new InvalidDataException($"{path} has format {header.Format}, and this version of MultiProc reads format {Format}. Use the version that wrote it.");
        }

        var rest = content[(end + 1)..];
        if (header.Sizes is not [>= 0 and var initializer, >= 0 and var function, >= 0 and var arguments]
            || (long)initializer + function + arguments != rest.Length)
        {
            throw new InvalidDataException($"{path} is cut short or damaged: {rest.Length} bytes follow its first line, and it announces {string.Join(" + ", header.Sizes)}.");
        }

        return new CallRecord(header, rest[..initializer], rest.Slice(initializer, function), rest[(initializer + function)..]);
    }

    /// <summary>Writes the file whole or not at all: nobody sees a part of it under its name.</summary>
    public void Write(string path)
    {
        var unfinished = path + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // It holds whatever the arguments hold.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(Header, RecordHeaderJson.Default.RecordHeader));
                file.WriteByte((byte)'\n');
                file.Write(Initializer.Span);
                file.Write(Function.Span);
                file.Write(Arguments.Span);
            }

            File.Move(unfinished, path);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static RecordHeader? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordHeaderJson.Default.RecordHeader);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
