using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>A value whose bytes say everything and for which every bit pattern is legal.</summary>
internal sealed class BlockFormatter<T> : LeafFormatter<T>
    where T : unmanaged
{
    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        var size = Unsafe.SizeOf<T>();
        writer.WriteBinHeader(size);
        MemoryMarshal.Write(writer.GetSpan(size), in value);
        writer.Advance(size);
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        var bytes = Blocks.ReadSpan(ref reader);
        return bytes.Length == Unsafe.SizeOf<T>()
            ? MemoryMarshal.Read<T>(bytes)
            : throw new BoundaryFormatException($"A value of type {TypeNames.Display(typeof(T))} has {bytes.Length} bytes, not " +
                $"{Unsafe.SizeOf<T>()}.");
    }
}
