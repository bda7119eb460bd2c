using System.Buffers.Binary;
using MessagePack;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// The builder of one connection's frames, which are numbered in the order in which they begin. Small values are copied
/// into one buffer; large blocks are referenced. Not thread-safe; reused for each frame.
/// </summary>
internal sealed class FrameBuilder
{
    private const int LargeBlock = 1 << 15;
    private const int MaxRetainedBuffer = 1 << 18;

    private List<(int At, ReadOnlyMemory<byte> Block)>? _blocks;
    private ByteBuffer _small = new();
    private long _large;
    private uint _number;

    /// <summary>Begins a frame and returns the buffer for the message's own bytes.</summary>
    public ByteBuffer Begin()
    {
        if (_small.Capacity > MaxRetainedBuffer)
        {
            _small = new ByteBuffer();
        }

        _blocks = null;
        _large = 0;
        _small.Reset();
        _small.GetSpan(FrameReader.HeaderLength);
        _small.Advance(FrameReader.HeaderLength);
        return _small;
    }

    /// <summary>Appends a block. A large one must not change any more.</summary>
    public void WriteBlock(ref MessagePackWriter writer, ReadOnlyMemory<byte> block)
    {
        writer.WriteBinHeader(block.Length);
        WriteRaw(ref writer, block);
    }

    /// <summary>As <see cref="WriteBlock"/>, without a header, which was written before.</summary>
    public void WriteRaw(ref MessagePackWriter writer, ReadOnlyMemory<byte> block)
    {
        if (block.Length < LargeBlock)
        {
            writer.WriteRaw(block.Span);
            return;
        }

        writer.Flush();
        _blocks ??= [];
        _blocks.Add((_small.WrittenCount, block));
        _large += block.Length;
    }

    /// <exception cref="InvalidOperationException">The message is longer than a frame can be.</exception>
    public Frame End()
    {
        var length = _small.WrittenCount - FrameReader.HeaderLength + _large;
        if (length > FrameReader.MaxFrame)
        {
            throw new InvalidOperationException($"A message of {length:N0} bytes is longer than a frame can be: {FrameReader.MaxFrame:N0}.");
        }

        BinaryPrimitives.WriteInt32BigEndian(_small.Written, (int)length);
        BinaryPrimitives.WriteUInt32BigEndian(_small.Written[FrameReader.NumberOffset..], _number++);
        return _blocks is null ? new Frame(_small.WrittenMemory, null) : WithBlocks(_blocks, _small.WrittenMemory);
    }

    private static Frame WithBlocks(List<(int At, ReadOnlyMemory<byte> Block)> blocks, ReadOnlyMemory<byte> small)
    {
        // The bytes between large blocks are few, and must stay valid as long as the blocks do.
        var rest = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < blocks.Count; i++)
        {
            rest.Add(blocks[i].Block);
            var (begin, end) = (blocks[i].At, i + 1 < blocks.Count ? blocks[i + 1].At : small.Length);
            if (end > begin)
            {
                rest.Add(small[begin..end].ToArray());
            }
        }

        return new Frame(small[..blocks[0].At], [.. rest]);
    }
}
