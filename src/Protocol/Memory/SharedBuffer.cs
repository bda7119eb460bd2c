using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// A buffer of a <see cref="SharedBufferPool"/>. If its owner forgets to release it, its memory is lost until the pool
/// ends. Releasing a buffer that was only read drops its pages from this process. Not thread-safe.
/// </summary>
internal sealed unsafe class SharedBuffer(SharedBufferPool buffers, SharedMemory memory, long offset, int length) : PooledBuffer(memory.Pointer + offset, length)
{
    /// <summary>The offset in the pool's memory.</summary>
    public long Offset => offset;

    /// <summary>
    /// Whether the bytes are, or are part of, a shared buffer; if so, their offset in the pool's memory.
    /// </summary>
    public static bool IsIn(ReadOnlyMemory<byte> bytes, out long offset)
    {
        var isIn = MemoryMarshal.TryGetMemoryManager<byte, SharedBuffer>(bytes, out var block, out var start, out _);
        offset = isIn ? block!.Offset + start : 0;
        return isIn;
    }

    /// <summary>Releases the shared buffer that contains these bytes, if there is one.</summary>
    public static void Release(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, SharedBuffer>(bytes, out var block))
        {
            block.Release();
        }
    }

    // The pages stay mapped as long as anything refers to the memory.
    public override void Unpin() => GC.KeepAlive(memory);

    protected override bool TryExtendTo(int bytes) => buffers.TryExtend(this, bytes);

    protected override void OnReleased() => buffers.Release(this);
}
