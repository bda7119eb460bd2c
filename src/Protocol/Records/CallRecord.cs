using System.Text;
using System.Text.Json;

namespace MultiProc.Protocol.Records;

/// <summary>
/// The record of a failed call, with everything that is needed to repeat it. The file is a line of JSON, so that its
/// beginning can be read with any tool; a line with the hash of everything else (<see cref="RecordHash"/>); and the
/// graphs whose sizes the first line lists.
/// </summary>
/// <param name="Header">The readable part.</param>
/// <param name="Initializer">The pool's initializer, function and arguments in one graph; empty: none.</param>
/// <param name="Function">For an item of a map the graph of its function; otherwise empty.</param>
/// <param name="Arguments">
/// For an item of a map the graph of its arguments; otherwise one graph of function and arguments.
/// </param>
internal sealed record CallRecord(
    RecordHeader Header, ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Arguments)
{
    public const string Extension = ".mpcall";
    public const int Format = 2;

    /// <summary>Creates the record whose first line is <paramref name="header"/>.</summary>
    /// <param name="header">The first line.</param>
    /// <param name="rest">The graphs.</param>
    /// <param name="path">The path of the file, for the error message.</param>
    /// <exception cref="InvalidDataException">The sizes in the header do not match the rest.</exception>
    public static CallRecord Of(RecordHeader header, ReadOnlyMemory<byte> rest, string path)
    {
        if (header.Sizes is not [>= 0 and var initializer, >= 0 and var function, >= 0 and var arguments]
            || (long)initializer + function + arguments != rest.Length)
        {
            throw new InvalidDataException($"{path} is cut short or damaged: {rest.Length} bytes follow its header, and it announces {string.Join(" + ", header.Sizes)}.");
        }

        return new CallRecord(header, rest[..initializer], rest.Slice(initializer, function), rest[(initializer + function)..]);
    }

    /// <summary>Writes the file atomically: nobody sees a part of it under its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The user's key, for the hash; null: there is none.</param>
    public void Write(string path, byte[]? key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(Header, RecordHeaderJson.Default.RecordHeader);
        var hash = Encoding.ASCII.GetBytes(RecordHash.LineFor(key, header, Initializer, Function, Arguments));
        var unfinished = path + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // The file contains the arguments, so only the owner may read it.
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
