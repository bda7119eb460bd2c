using System.Buffers;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// A body that is assembled from parts, in unmanaged memory: it grows there without being copied, and is freed as soon
/// as it has been handled. Access after its disposal throws. Not thread-safe.
/// </summary>
/// <param name="unit">The unit that the body belongs to.</param>
/// <param name="isKept">Whether the body will be read; otherwise it stays empty.</param>
internal sealed unsafe class GatheredParts(long unit, bool isKept) : MemoryManager<byte>
{
    private byte* _bytes;
    private long _capacity;
    private bool _isGone;

    public long Unit => unit;

    /// <summary>The number of bytes that have arrived, kept or not.</summary>
    public long Length { get; private set; }

    /// <summary>Whether <see cref="With"/> has added the end.</summary>
    public bool IsJoined { get; private set; }

    public void Add(ReadOnlySpan<byte> part)
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        var end = Length + part.Length;
        if (isKept)
        {
            if (end > _capacity)
            {
                // Pages that have not been written yet take no memory.
                _capacity = Math.Max(end, Math.Min(2 * _capacity, IncomingResults.MaxBytes));
                _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)_capacity);
            }

            part.CopyTo(new Span<byte>(_bytes + Length, part.Length));
        }

        Length = end;
    }

    /// <summary>Adds the end and returns the whole body, which is valid until this object is disposed.</summary>
    public ReadOnlyMemory<byte> With(ReadOnlySpan<byte> end)
    {
        Add(end);
        IsJoined = true;
        return isKept ? Memory : default;
    }

    public override Memory<byte> Memory => CreateMemory((int)Length);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        return new Span<byte>(_bytes, isKept ? (int)Length : 0);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex, default, this);

    public override void Unpin() => GC.KeepAlive(this);

    protected override void Dispose(bool disposing)
    {
        if (!_isGone)
        {
            _isGone = true;
            NativeMemory.Free(_bytes);
            _bytes = null;
        }
    }
}
