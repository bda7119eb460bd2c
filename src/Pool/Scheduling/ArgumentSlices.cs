using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Scheduling;

/// <summary>
/// Places for small arguments in arrays that many share: an array for each would be an object more, and three times as large as two numbers. Each stands behind
/// its length, so that neighbours are an <see cref="ItemBlock"/> as they are. Thread-safe.
/// </summary>
internal static class ArgumentSlices
{
    /// <summary>What is longer is better off in an array of its own.</summary>
    public const int Longest = 64;

    // It lasts as long as any of its slices.
    private const int SharedArray = 4096;

    [ThreadStatic]
    private static Memory<byte> _rest;

    /// <summary>Copies arguments into a slice.</summary>
    /// <param name="arguments">At most <see cref="Longest"/> bytes.</param>
    public static ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> arguments)
    {
        var length = ItemBlock.PrefixLength + arguments.Length;
        if (_rest.Length < length)
        {
            _rest = GC.AllocateUninitializedArray<byte>(SharedArray);
        }

        var slice = _rest[..length];
        _rest = _rest[length..];
        BinaryPrimitives.WriteInt32LittleEndian(slice.Span, arguments.Length);
        slice = slice[ItemBlock.PrefixLength..];
        arguments.CopyTo(slice.Span);
        return slice;
    }

    /// <summary>Makes items of a slice and of the one behind it.</summary>
    /// <param name="first">A slice, or what was joined before.</param>
    /// <param name="isJoined">Which of them.</param>
    /// <param name="next">A slice; or anything else.</param>
    /// <returns>Null: they are not neighbours.</returns>
    public static ReadOnlyMemory<byte>? Join(ReadOnlyMemory<byte> first, bool isJoined, ReadOnlyMemory<byte> next)
    {
        // Arguments that are not in slices never share an array.
        if (!MemoryMarshal.TryGetArray(first, out var one) || !MemoryMarshal.TryGetArray(next, out var other) || one.Array != other.Array
            || one.Offset + one.Count + ItemBlock.PrefixLength != other.Offset)
        {
            return null;
        }

        var begin = isJoined ? one.Offset : one.Offset - ItemBlock.PrefixLength;
        return new ReadOnlyMemory<byte>(one.Array, begin, other.Offset + other.Count - begin);
    }
}
