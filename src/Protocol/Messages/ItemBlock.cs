using System.Buffers.Binary;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>Items one after another, each a four-byte little-endian length and that many bytes.</summary>
internal static class ItemBlock
{
    public const int PrefixLength = 4;

    /// <summary>Begins an item; <see cref="EndItem"/> fills in its length.</summary>
    /// <returns>What <see cref="EndItem"/> needs.</returns>
    public static int BeginItem(ByteBuffer block)
    {
        block.GetSpan(PrefixLength);
        block.Advance(PrefixLength);
        return block.WrittenCount;
    }

    public static void EndItem(ByteBuffer block, int begin)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block.Written[(begin - PrefixLength)..], block.WrittenCount - begin);
    }

    /// <summary>Takes the next item off the front of <paramref name="block"/>.</summary>
    /// <exception cref="InvalidDataException">The block is cut short.</exception>
    public static ReadOnlyMemory<byte> TakeItem(ref ReadOnlyMemory<byte> block)
    {
        var length = block.Length < PrefixLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(block.Span);
        if (length < 0 || length > block.Length - PrefixLength)
        {
            throw new InvalidDataException($"An item claims {length} bytes, {block.Length} are left.");
        }

        var item = block.Slice(PrefixLength, length);
        block = block[(PrefixLength + length)..];
        return item;
    }
}
