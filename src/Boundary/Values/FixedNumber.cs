using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Numbers in MessagePack's forms of fixed size, which any of its readers understands. What most maps and many calls are made of crosses so without a graph
/// and without a general reader or writer. For any other type, <see cref="IsOne"/> is false and nothing else may be used.
/// </summary>
internal static class FixedNumber<T>
{
    /// <summary>Whether <typeparamref name="T"/> is such a number.</summary>
    public static bool IsOne => Code != 0;

    /// <summary>How many bytes an item takes that is nothing but one.</summary>
    public static int ItemLength => ItemBlock.PrefixLength + Length;

    private static int Length => 1 + Unsafe.SizeOf<T>();

    // Of all this, the compiler leaves a constant.
    private static byte Code =>
        typeof(T) == typeof(sbyte) ? MessagePackCode.Int8
        : typeof(T) == typeof(byte) ? MessagePackCode.UInt8
        : typeof(T) == typeof(short) ? MessagePackCode.Int16
        : typeof(T) == typeof(ushort) ? MessagePackCode.UInt16
        : typeof(T) == typeof(int) ? MessagePackCode.Int32
        : typeof(T) == typeof(uint) ? MessagePackCode.UInt32
        : typeof(T) == typeof(long) ? MessagePackCode.Int64
        : typeof(T) == typeof(ulong) ? MessagePackCode.UInt64
        : typeof(T) == typeof(float) ? MessagePackCode.Float32
        : typeof(T) == typeof(double) ? MessagePackCode.Float64
        : (byte)0;

    /// <summary>Appends one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ByteBuffer output, T value)
    {
        var target = output.Append(Length);
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
    }

    /// <summary>Takes one off the front of <paramref name="source"/>; false, and nothing is taken, when none in this form is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>Takes an item that is nothing but one off the front of <paramref name="source"/>; false, and nothing is taken, when none is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadItem(ref ReadOnlySpan<byte> source, out T value)
    {
        if (source.Length >= ItemLength && BinaryPrimitives.ReadInt32LittleEndian(source) == Length)
        {
            var item = source[ItemBlock.PrefixLength..];
            if (TryRead(ref item, out value))
            {
                source = item;
                return true;
            }
        }

        value = default!;
        return false;
    }
}
