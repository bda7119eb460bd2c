using System.Text;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Calls;

/// <summary>A result that could not be copied, as the body of a record: path, type name and message, each behind its length.</summary>
internal static class Refusal
{
    public static void Write(ByteBuffer body, BoundaryException refusal)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(refusal.Path);
            writer.Write(refusal.Type.AssemblyQualifiedName ?? refusal.Type.ToString());
            writer.Write(refusal.Message);
        }

        body.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>The refusal; its type is <see cref="object"/> when this process has no type of that name.</summary>
    public static BoundaryException Read(ReadOnlyMemory<byte> body)
    {
        using var reader = new BinaryReader(new MemoryStream(body.ToArray()), Encoding.UTF8);
        var path = reader.ReadString();
        var type = Type.GetType(reader.ReadString(), throwOnError: false) ?? typeof(object);
        return new BoundaryException(path, type, reader.ReadString());
    }
}
