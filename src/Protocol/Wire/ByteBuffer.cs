using System.Buffers;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// Bytes that are being written, in one array. Unlike <see cref="ArrayBufferWriter{T}"/> it does not clear memory that is about to be written, and makes room
/// for a large block exactly. Not thread-safe.
/// </summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private const int Least = 256;

    private byte[] _bytes = [];

    public int WrittenCount { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, WrittenCount);

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, WrittenCount);

    /// <summary>What has been written, to fill in what became known later.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, WrittenCount);

    /// <summary>Begins anew, with the same array.</summary>
    public void Reset() => WrittenCount = 0;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - WrittenCount);
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(WrittenCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(WrittenCount);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        WrittenCount += bytes.Length;
    }

    private void Reserve(int wanted)
    {
        wanted = Math.Max(wanted, 1);
        if (_bytes.Length - WrittenCount < wanted)
        {
            // More than one array can hold: the runtime says so.
            var needed = (long)WrittenCount + wanted;
            var size = Math.Max(needed, Math.Min(Array.MaxLength, Math.Max(Least, 2L * _bytes.Length)));
            var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, int.MaxValue));
            WrittenSpan.CopyTo(bytes);
            _bytes = bytes;
        }
    }
}
