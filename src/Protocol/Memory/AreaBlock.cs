using System.Buffers;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// A block of a <see cref="BlockArea"/>, as memory. Whoever took it gives it back once nobody reads it, here or in the other process; forgetting that costs
/// room, until the area ends. Whoever reads somebody else's gives back the sight of it. Not thread-safe.
/// </summary>
internal sealed unsafe class AreaBlock(BlockArea area, SharedMemory memory, long offset, int length) : MemoryManager<byte>
{
    private readonly byte* _address = memory.Pointer + offset;
    private bool _isGone;

    /// <summary>Where in the area it begins.</summary>
    public long Offset => offset;

    public int Length { get; private set; } = length;

    public override Memory<byte> Memory => CreateMemory(Length);

    /// <summary>Whether the bytes are, or are part of, a block; if so, where in its area they begin.</summary>
    public static bool IsIn(ReadOnlyMemory<byte> bytes, out long offset)
    {
        var isIn = MemoryMarshal.TryGetMemoryManager<byte, AreaBlock>(bytes, out var block, out var start, out _);
        offset = isIn ? block!.Offset + start : 0;
        return isIn;
    }

    /// <summary>Gives the block back that these bytes are in, if they are.</summary>
    public static void Release(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, AreaBlock>(bytes, out var block))
        {
            block.Release();
        }
    }

    /// <summary>Gives it back. Who looks into it afterwards gets an exception.</summary>
    public void Release() => ((IDisposable)this).Dispose();

    /// <summary>Makes it longer where it is; false when that is not possible.</summary>
    public bool TryExtend(int bytes)
    {
        if (!area.TryExtend(this, bytes))
        {
            return false;
        }

        Length = bytes;
        return true;
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        return new Span<byte>(_address, Length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_address + elementIndex, default, this);

    // The pages stay where they are as long as anything refers to them.
    public override void Unpin() => GC.KeepAlive(memory);

    protected override void Dispose(bool disposing)
    {
        if (!_isGone)
        {
            _isGone = true;
            area.Release(this);
        }
    }
}
