using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using MultiProc.Protocol.Files;

namespace MultiProc.Protocol.Records;

/// <summary>A record as read from its file: the call, and the evidence of who wrote it.</summary>
internal sealed class RecordFile
{
    // The recorder's limit, plus some space for the header.
    private const long MaxFile = (1L << 30) + (64 << 20);
    private const int MaxHeaderLength = 16 << 20;
    private const int FirstRead = 65_536;

    private readonly byte[] _header;
    private readonly string _hash;
    private readonly ReadOnlyMemory<byte> _rest;

    private RecordFile(CallRecord record, byte[] header, string hash, ReadOnlyMemory<byte> rest, string? otherOwner)
    {
        Record = record;
        _header = header;
        _hash = hash;
        _rest = rest;
        OtherOwner = otherOwner;
    }

    /// <summary>The call.</summary>
    public CallRecord Record { get; }

    /// <summary>The reason why the file is not this user's; null: it is, as far as the system shows.</summary>
    public string? OtherOwner { get; }

    /// <summary>The digest that identifies this content.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(_header);
            hash.AppendData(Encoding.ASCII.GetBytes("\n" + _hash + "\n"));
            hash.AppendData(_rest.Span);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>The reason why the record does not count as written by this user's pools; null: it counts.</summary>
    /// <param name="key">The user's key; null: there is none.</param>
    public string? ForeignReason(byte[]? key) =>
        OtherOwner
        ?? (!RecordHash.IsPresent(_hash) ? "it carries no hash"
            : key is null ? "this user has no key yet, so its hash cannot be checked"
            : !RecordHash.IsRight(_hash, key, _header, _rest) ? "its hash is not of this user's key: it was altered, or written by another user or on another machine"
            : null);

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is not a record, is incomplete, is too large, or is not a regular file.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static RecordFile Read(string path)
    {
        using var file = RegularFile.OpenRead(path);
        var length = RandomAccess.GetLength(file);
        if (length > MaxFile)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path} is no record of a call: it has {length} bytes, and a record has at most {MaxFile}."));
        }

        var header = ReadHeader(file, path);
        var parsed = Parse(header) ?? throw new InvalidDataException($"{path} is no record of a call: its first line is not what MultiProc writes.");
        if (parsed.Format != CallRecord.Format)
        {
            throw new InvalidDataException(
                $"{path} has format {parsed.Format}, and this version of MultiProc reads format {CallRecord.Format}. Use the version that wrote it.");
        }

        var content = new byte[length - header.Length - 1];
        if (ReadAt(file, content, header.Length + 1) < content.Length)
        {
            throw new InvalidDataException($"{path} became shorter while it was read.");
        }

        var end = content.AsSpan(0, Math.Min(content.Length, RecordHash.MaxLineLength + 1)).IndexOf((byte)'\n');
        var hash = end < 0 ? "" : Encoding.ASCII.GetString(content, 0, end);
        if (!RecordHash.IsOne(hash))
        {
            throw new InvalidDataException($"{path} is cut short or damaged: its second line is not what MultiProc writes.");
        }

        var rest = content.AsMemory(end + 1);
        return new RecordFile(CallRecord.Of(parsed, rest, path), header, hash, rest, OwnerOf(file));
    }

    private static string? OwnerOf(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            return FileOwner.Of(file) is { IsOurs: true } ? null
                : FileOwner.Of(file) is { } other ? string.Create(CultureInfo.InvariantCulture, $"the file belongs to another user (user id {other.User})")
                : "the owner of the file could not be determined";
        }

        // If only the owner may read the file, and this user could open it, then this user is the owner.
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0 ? null
            : "other users may read or write the file";
    }

    private static byte[] ReadHeader(SafeFileHandle file, string path)
    {
        for (var size = FirstRead; ; size = Math.Min(4 * size, MaxHeaderLength))
        {
            var begin = new byte[size];
            var count = ReadAt(file, begin, 0);
            var end = begin.AsSpan(0, count).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return begin[..end];
            }

            if (count < size || size == MaxHeaderLength)
            {
                throw new InvalidDataException($"{path} is no record of a call: its first line is not what MultiProc writes.");
            }
        }
    }

    private static int ReadAt(SafeFileHandle file, Span<byte> into, long offset)
    {
        var count = 0;
        while (count < into.Length && RandomAccess.Read(file, into[count..], offset + count) is > 0 and var read)
        {
            count += read;
        }

        return count;
    }

    private static RecordHeader? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordHeaderJson.Default.RecordHeader) is { IsPlausible: true } header ? header : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
