using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Enums of every width, also values without a name.</summary>
internal sealed class EnumFormatter<T> : LeafFormatter<T>
    where T : unmanaged
{
    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph) => writer.Write(Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<T, byte>(value),
        2 => Unsafe.BitCast<T, ushort>(value),
        4 => Unsafe.BitCast<T, uint>(value),
        _ => Unsafe.BitCast<T, ulong>(value),
    });

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        var bits = reader.ReadUInt64();
        return Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.BitCast<byte, T>(checked((byte)bits)),
            2 => Unsafe.BitCast<ushort, T>(checked((ushort)bits)),
            4 => Unsafe.BitCast<uint, T>(checked((uint)bits)),
            _ => Unsafe.BitCast<ulong, T>(bits),
        };
    }
}
