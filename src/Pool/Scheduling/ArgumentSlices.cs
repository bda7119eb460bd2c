using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Scheduling;

/// <summary>
/// Shared arrays for small arguments. An array for each call would be one more object, and three times as large as two numbers. Each
/// slice follows its length, so neighbours form an <see cref="ItemBlock"/> without copying. Thread-safe.
/// </summary>
internal static class ArgumentSlices
{
    /// <summary>The maximum length of a slice. Longer arguments get their own array.</summary>
    public const int MaxLength = 64;

    // The array lives as long as any of its slices.
    private const int SharedArray = 4096;

    [ThreadStatic]
    private static Memory<byte> _rest;

    /// <summary>Copies arguments into a slice.</summary>
    /// <param name="arguments">At most <see cref="MaxLength"/> bytes.</param>
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

    /// <summary>Joins a slice and the next one as items.</summary>
    /// <param name="first">A slice, or slices joined before.</param>
    /// <param name="isJoined">Whether <paramref name="first"/> was joined before.</param>
    /// <param name="next">A slice, or any other memory.</param>
    /// <returns>The items; null: they are no neighbours.</returns>
    public static ReadOnlyMemory<byte>? Join(ReadOnlyMemory<byte> first, bool isJoined, ReadOnlyMemory<byte> next)
    {
        // Arguments outside of slices never share an array.
        if (!MemoryMarshal.TryGetArray(first, out var one) || !MemoryMarshal.TryGetArray(next, out var other) || one.Array != other.Array
            || one.Offset + one.Count + ItemBlock.PrefixLength != other.Offset)
        {
            return null;
        }

        var begin = isJoined ? one.Offset : one.Offset - ItemBlock.PrefixLength;
        return new ReadOnlyMemory<byte>(one.Array, begin, other.Offset + other.Count - begin);
    }
}
