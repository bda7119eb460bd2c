using System.Buffers;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// A body that comes in parts, put together outside of the collector's heap: there it grows with what arrives without being copied, and goes at once when it
/// has been dealt with. Whoever looks into it after its end gets an exception. Not thread-safe.
/// </summary>
/// <param name="unit">Whose body it is.</param>
/// <param name="isKept">Whether anybody will read it: else it stays empty.</param>
internal sealed unsafe class GatheredParts(long unit, bool isKept) : MemoryManager<byte>
{
    private byte* _bytes;
    private long _capacity;
    private bool _isGone;

    public long Unit => unit;

    /// <summary>How many bytes have come, kept or not.</summary>
    public long Length { get; private set; }

    /// <summary>Whether <see cref="With"/> has brought the end.</summary>
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

    /// <summary>The whole, of which this is the end. Valid until it is disposed.</summary>
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
