using System.Buffers;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The buffer of a message that is being written, with headroom in front. It grows up to a limit. Not thread-safe.
/// </summary>
internal sealed class BoundedBuffer : IBufferWriter<byte>
{
    private const int FirstLength = 1_024;

    private readonly int _headroom;
    private readonly int _limit;
    private byte[] _bytes = new byte[FirstLength];
    private int _end;

    public BoundedBuffer(int room, int limit) => (_headroom, _limit, _end) = (room, limit, room);

    /// <summary>The number of bytes that were written.</summary>
    public int Length => _end - _headroom;

    /// <summary>The headroom and the bytes that were written.</summary>
    public Memory<byte> Whole => _bytes.AsMemory(0, _end);

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _end + Math.Max(sizeHint, 1);
        if (Length + (long)sizeHint > _limit)
        {
            throw new MessageTooLargeException(_limit);
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(needed, Math.Min(2L * _bytes.Length, _headroom + (long)_limit)));
        }

        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
