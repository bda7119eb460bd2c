using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace MultiProc.Protocol.Records;

/// <summary>
/// The keyed hash of a record, the second line of its file, over everything else in it. It proves that this user's
/// pools wrote the record, and that it is unchanged.
/// </summary>
internal static class RecordHash
{
    /// <summary>The size of a key in bytes.</summary>
    public const int KeyLength = 32;

    private const string Name = "hmac-sha256 ";
    private const string Absent = "no hash";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("MultiProc record\n");

    /// <summary>The maximum length of the line.</summary>
    public static int MaxLineLength { get; } = Name.Length + (2 * HMACSHA256.HashSizeInBytes);

    /// <summary>The line for a record, without the line end.</summary>
    /// <param name="key">The user's key; null: there is none, and the line says so.</param>
    /// <param name="header">The first line, without the line end.</param>
    /// <param name="parts">The content after the second line.</param>
    public static string LineFor(byte[]? key, ReadOnlySpan<byte> header, params ReadOnlySpan<ReadOnlyMemory<byte>> parts) =>
        key is null ? Absent : Name + Convert.ToHexStringLower(Compute(key, header, parts));

    /// <summary>Whether the line matches a record and a key.</summary>
    public static bool IsRight(string line, byte[] key, ReadOnlySpan<byte> header, params ReadOnlySpan<ReadOnlyMemory<byte>> parts) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(line), Encoding.ASCII.GetBytes(LineFor(key, header, parts)));

    /// <summary>Whether the line contains a hash.</summary>
    public static bool IsPresent(string line) => line != Absent;

    /// <summary>Whether the line has the form that this class writes.</summary>
    public static bool IsOne(string line) =>
        line == Absent || (line.Length == MaxLineLength && line.StartsWith(Name, StringComparison.Ordinal) && !line.AsSpan(Name.Length).ContainsAnyExcept(Digits));

    private static byte[] Compute(byte[] key, ReadOnlySpan<byte> header, ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Purpose);
        hash.AppendData(header);
        hash.AppendData("\n"u8);
        foreach (var part in parts)
        {
            hash.AppendData(part.Span);
        }

        return hash.GetHashAndReset();
    }
}
