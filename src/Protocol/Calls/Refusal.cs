using System.Text;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// The record body of a result that cannot be serialized: path, type name and message, each with its length.
/// </summary>
internal static class Refusal
{
    public static void Write(ByteBuffer body, BoundaryException refusal)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(refusal.Path);
            writer.Write(TypeNames.Encode(refusal.Type) is { } name ? Encoding.UTF8.GetString(name) : "");
            writer.Write(refusal.Message);
        }

        body.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>
    /// Decodes the error. Its type is <see cref="object"/> when this process has no type of that name, or none that
    /// <paramref name="trust"/> admits.
    /// </summary>
    /// <exception cref="BoundaryFormatException">The bytes are not such an error.</exception>
    public static BoundaryException Read(ReadOnlyMemory<byte> body, Trust trust)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(body.ToArray()), Encoding.UTF8);
            var path = reader.ReadString();
            var type = Find(reader.ReadString(), trust);
            return new BoundaryException(path, type, reader.ReadString());
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            throw new BoundaryFormatException($"A refusal cannot be read: {exception.Message}", exception);
        }
    }

    private static Type Find(string name, Trust trust)
    {
        try
        {
            return trust.FindType(Encoding.UTF8.GetBytes(name), typeof(object));
        }
        catch (Exception exception) when (exception is BoundaryFormatException or DistrustException)
        {
            // The type is only informative, and the message names it.
            return typeof(object);
        }
    }
}
