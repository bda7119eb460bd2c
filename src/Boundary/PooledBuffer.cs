using System.Buffers;

namespace MultiProc.Boundary;

/// <summary>
/// Memory of an <see cref="IBufferPool"/>. Whoever rented it releases it once nobody reads it, here or in another process. Not thread-safe.
/// </summary>
internal abstract unsafe class PooledBuffer(byte* address, int length) : MemoryManager<byte>
{
    private bool _isReleased;

    public int Length { get; private set; } = length;

    public override Memory<byte> Memory => CreateMemory(Length);

    /// <summary>Gives the memory back. A later read or write of it throws.</summary>
    public void Release() => ((IDisposable)this).Dispose();

    /// <summary>Makes the buffer longer where it is; false when that is not possible.</summary>
    public bool TryExtend(int bytes)
    {
        if (!TryExtendTo(bytes))
        {
            return false;
        }

        Length = bytes;
        return true;
    }

    /// <exception cref="ObjectDisposedException">It has been released.</exception>
    public sealed override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        return new Span<byte>(address, Length);
    }

    public sealed override MemoryHandle Pin(int elementIndex = 0) => new(address + elementIndex, default, this);

    protected abstract bool TryExtendTo(int bytes);

    /// <summary>It has been released, for the first time.</summary>
    protected abstract void OnReleased();

    protected sealed override void Dispose(bool disposing)
    {
        if (!_isReleased)
        {
            _isReleased = true;
            OnReleased();
        }
    }
}
