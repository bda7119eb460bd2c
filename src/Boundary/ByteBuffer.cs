using System.Buffers;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// Bytes that are being written, in one array, or in a buffer of a pool once they are many. Unlike <see cref="ArrayBufferWriter{T}"/> it does not clear memory
/// that is about to be written, and makes room for a large block exactly. Not thread-safe.
/// </summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private const int Least = 256;

    // What follows a large block is small as a rule, and should not move it.
    private const int RoomBehind = 1 << 16;

    private byte[] _bytes = [];
    private PooledBuffer? _block;

    /// <summary>Where large content goes; null: into arrays, as all else.</summary>
    public IBufferPool? Pool { get; set; }

    /// <summary>What is written may be about so many bytes, not much more: it is looked at when there has to be more room. Whoever needs to know exactly looks at the end.</summary>
    public long Limit { get; set; } = long.MaxValue;

    public int WrittenCount { get; private set; }

    public int Capacity => All.Length;

    public ReadOnlyMemory<byte> WrittenMemory => _block is null ? new ReadOnlyMemory<byte>(_bytes, 0, WrittenCount) : _block.Memory[..WrittenCount];

    public ReadOnlySpan<byte> WrittenSpan => Written;

    /// <summary>What has been written, to fill in what became known later.</summary>
    public Span<byte> Written => All[..WrittenCount];

    private Span<byte> All => _block is null ? _bytes : _block.GetSpan();

    /// <summary>Begins anew, with the same array.</summary>
    public void Reset()
    {
        WrittenCount = 0;
        if (_block is not null)
        {
            _block.Release();
            _block = null;
        }
    }

    /// <summary>Begins anew. What has been written stays, and if it is in a block, that is the caller's from now on.</summary>
    /// <returns>What has been written; false if it is in the array, which the next one will use again.</returns>
    public bool TryTakeBlock(out ReadOnlyMemory<byte> written)
    {
        written = WrittenMemory;
        var isBlock = _block is not null;
        _block = null;
        return isBlock;
    }

    /// <summary>Appends so many bytes, which the caller is to fill in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Append(int count)
    {
        var begin = WrittenCount;
        var all = All;
        if (all.Length - begin < count)
        {
            Grow(count);
            all = All;
        }

        WrittenCount = begin + count;
        return all.Slice(begin, count);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity - WrittenCount);
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return (_block?.Memory ?? _bytes)[WrittenCount..];
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return All[WrittenCount..];
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    private void Reserve(int wanted)
    {
        wanted = Math.Max(wanted, 1);
        if (Capacity - WrittenCount < wanted)
        {
            Grow(wanted);
        }
    }

    /// <exception cref="InsufficientMemoryException">What has been written is more than the limit, or would be more than one array can hold.</exception>
    private void Grow(int wanted)
    {
        // Not what is wanted: a writer may ask for more than it needs.
        var needed = (long)WrittenCount + wanted;
        if (WrittenCount > Limit || needed > Array.MaxLength)
        {
            throw new InsufficientMemoryException($"A graph of more than {Math.Min(Limit, Array.MaxLength):N0} bytes does not fit: at most {Array.MaxLength:N0} can be copied at once.");
        }

        if (Pool is not null && needed >= Pool.MinLength && TryGrowInPool(Pool, needed))
        {
            return;
        }

        var size = Math.Max(needed, Math.Min(Array.MaxLength, Math.Max(Least, 2L * Capacity)));
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, int.MaxValue));
        WrittenSpan.CopyTo(bytes);
        _bytes = bytes;
        _block?.Release();
        _block = null;
    }

    private bool TryGrowInPool(IBufferPool pool, long needed)
    {
        var size = (int)Math.Min(Array.MaxLength, Math.Max(needed + RoomBehind, 2L * WrittenCount));
        if (_block?.TryExtend(size) == true)
        {
            return true;
        }

        if (size < needed || pool.TryRent(size) is not { } block)
        {
            return false;
        }

        WrittenSpan.CopyTo(block.GetSpan());
        _block?.Release();
        _block = block;
        return true;
    }
}
