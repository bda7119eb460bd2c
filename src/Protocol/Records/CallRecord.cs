using System.Text;
using System.Text.Json;

namespace MultiProc.Protocol.Records;

/// <summary>
/// One call that did not return, with everything that is needed to make it again. In a file: a line of JSON, so that its beginning can be read with any tool,
/// a line with the hash of everything else (<see cref="RecordHash"/>), and then the graphs that the first line gives the sizes of.
/// </summary>
/// <param name="Header">What it tells in words.</param>
/// <param name="Initializer">The pool's initializer, function and arguments in one graph; empty: none.</param>
/// <param name="Function">For an item of a map: its function's graph. Else empty.</param>
/// <param name="Arguments">For an item of a map: its arguments' graph. Else one graph of function and arguments.</param>
internal sealed record CallRecord(
    RecordHeader Header, ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Arguments)
{
    public const string Extension = ".mpcall";
    public const int Format = 2;

    /// <summary>The record whose first line is <paramref name="header"/>.</summary>
    /// <param name="header">The first line.</param>
    /// <param name="rest">The graphs.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="InvalidDataException">The header does not fit the rest.</exception>
    public static CallRecord Of(RecordHeader header, ReadOnlyMemory<byte> rest, string path)
    {
        if (header.Sizes is not [>= 0 and var initializer, >= 0 and var function, >= 0 and var arguments]
            || (long)initializer + function + arguments != rest.Length)
        {
            throw new InvalidDataException($"{path} is cut short or damaged: {rest.Length} bytes follow its header, and it announces {string.Join(" + ", header.Sizes)}.");
        }

        return new CallRecord(header, rest[..initializer], rest.Slice(initializer, function), rest[(initializer + function)..]);
    }

    /// <summary>Writes the file whole or not at all: nobody sees a part of it under its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The user's own, for the hash; null: there is none.</param>
    public void Write(string path, byte[]? key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(Header, RecordHeaderJson.Default.RecordHeader);
        var hash = Encoding.ASCII.GetBytes(RecordHash.LineFor(key, header, Initializer, Function, Arguments));
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
                file.Write(header);
                file.WriteByte((byte)'\n');
                file.Write(hash);
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
}
