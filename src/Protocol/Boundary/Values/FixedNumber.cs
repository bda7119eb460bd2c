using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MessagePack;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Boundary;

/// <summary>
/// Numbers in MessagePack's forms of fixed size, which any of its readers understands. What most maps and many calls are made of crosses so without a graph
/// and without a general reader or writer. For any other type, <see cref="IsOne"/> is false and nothing else may be used.
/// </summary>
internal static class FixedNumber<T>
{
    private static readonly byte Code = CodeOf(typeof(T));

    /// <summary>Whether <typeparamref name="T"/> is such a number.</summary>
    public static bool IsOne => Code != 0;

    private static int Length => 1 + Unsafe.SizeOf<T>();

    /// <summary>Appends one.</summary>
    public static void Write(ByteBuffer output, T value)
    {
        var target = output.GetSpan(Length);
        target[0] = Code;
        switch (Unsafe.SizeOf<T>())
        {
            case 1:
                target[1] = Unsafe.BitCast<T, byte>(value);
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(target[1..], Unsafe.BitCast<T, ushort>(value));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(target[1..], Unsafe.BitCast<T, uint>(value));
                break;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(target[1..], Unsafe.BitCast<T, ulong>(value));
                break;
        }

        output.Advance(Length);
    }

    /// <summary>Takes one off the front of <paramref name="source"/>; false, and nothing is taken, when none in this form is there.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out T value)
    {
        if (!IsOne || source.Length < Length || source[0] != Code)
        {
            value = default!;
            return false;
        }

        value = Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.BitCast<byte, T>(source[1]),
            2 => Unsafe.BitCast<ushort, T>(BinaryPrimitives.ReadUInt16BigEndian(source[1..])),
            4 => Unsafe.BitCast<uint, T>(BinaryPrimitives.ReadUInt32BigEndian(source[1..])),
            _ => Unsafe.BitCast<ulong, T>(BinaryPrimitives.ReadUInt64BigEndian(source[1..])),
        };
        source = source[Length..];
        return true;
    }

    private static byte CodeOf(Type type) =>
        type == typeof(sbyte) ? MessagePackCode.Int8
        : type == typeof(byte) ? MessagePackCode.UInt8
        : type == typeof(short) ? MessagePackCode.Int16
        : type == typeof(ushort) ? MessagePackCode.UInt16
        : type == typeof(int) ? MessagePackCode.Int32
        : type == typeof(uint) ? MessagePackCode.UInt32
        : type == typeof(long) ? MessagePackCode.Int64
        : type == typeof(ulong) ? MessagePackCode.UInt64
        : type == typeof(float) ? MessagePackCode.Float32
        : type == typeof(double) ? MessagePackCode.Float64
        : (byte)0;
}
