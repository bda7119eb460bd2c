using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// A block of a <see cref="BlockArea"/>, as memory. If its owner forgets to release it, its room is lost until the area ends. Releasing a block that was only read
/// takes its pages out of this process. Not thread-safe.
/// </summary>
internal sealed unsafe class AreaBlock(BlockArea area, SharedMemory memory, long offset, int length) : PooledBuffer(memory.Pointer + offset, length)
{
    /// <summary>Where in the area it begins.</summary>
    public long Offset => offset;

    /// <summary>Whether the bytes are, or are part of, a block; if so, where in its area they begin.</summary>
    public static bool IsIn(ReadOnlyMemory<byte> bytes, out long offset)
    {
        var isIn = MemoryMarshal.TryGetMemoryManager<byte, AreaBlock>(bytes, out var block, out var start, out _);
        offset = isIn ? block!.Offset + start : 0;
        return isIn;
    }

    /// <summary>Releases the block that these bytes are in, if they are in one.</summary>
    public static void Release(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, AreaBlock>(bytes, out var block))
        {
            block.Release();
        }
    }

    // The pages stay where they are as long as anything refers to them.
    public override void Unpin() => GC.KeepAlive(memory);

    protected override bool TryExtendTo(int bytes) => area.TryExtend(this, bytes);

    protected override void OnReleased() => area.Release(this);
}
