using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>The format of a sequence of items, each a four-byte little-endian length and that many bytes.</summary>
internal static class ItemBlock
{
    public const int PrefixLength = 4;

    /// <summary>Begins an item; <see cref="EndItem"/> fills in its length.</summary>
    /// <returns>The position that <see cref="EndItem"/> needs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BeginItem(ByteBuffer block)
    {
        block.Append(PrefixLength);
        return block.WrittenCount;
    }

    /// <summary>Ends the item that began at <paramref name="begin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndItem(ByteBuffer block, int begin)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block.Written[(begin - PrefixLength)..], block.WrittenCount - begin);
    }

    /// <summary>Takes the next item off the front of <paramref name="block"/>.</summary>
    /// <exception cref="InvalidDataException">The block is truncated.</exception>
    public static ReadOnlyMemory<byte> TakeItem(ref ReadOnlyMemory<byte> block)
    {
        var length = LengthOfFirst(block.Span);
        var item = block.Slice(PrefixLength, length);
        block = block[(PrefixLength + length)..];
        return item;
    }

    /// <inheritdoc cref="TakeItem(ref ReadOnlyMemory{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> TakeItem(ref ReadOnlySpan<byte> block)
    {
        var length = LengthOfFirst(block);
        var item = block.Slice(PrefixLength, length);
        block = block[(PrefixLength + length)..];
        return item;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthOfFirst(ReadOnlySpan<byte> block)
    {
        var length = block.Length < PrefixLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(block);
        if (length < 0 || length > block.Length - PrefixLength)
        {
            ThrowCutShort(length, block.Length);
        }

        return length;
    }

    [DoesNotReturn]
    private static void ThrowCutShort(int length, int left) => throw new InvalidDataException($"An item claims {length} bytes, {left} are left.");
}
