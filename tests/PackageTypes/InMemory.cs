using System.Buffers;
using MultiProc.Boundary;

namespace MultiProc.PackageTypes;

/// <summary>Sends values through bytes, as between two processes.</summary>
internal static class InMemory
{
    public static T Copy<T>(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new BoundaryWriter(buffer, NoLive.Instance))
        {
            writer.Write(value, "arg");
        }

        using var reader = new BoundaryReader(buffer.WrittenMemory, NoLive.Instance, Trust.Full);
        return reader.Read<T>();
    }
}
