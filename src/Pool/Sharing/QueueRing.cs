using System.Numerics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>The memory of a queue: a ring of records that doubles when it is full and shrinks when little of it is used.</summary>
/// <remarks>
/// Nothing that <see cref="QueueState"/> counts as occupied is ever overwritten or moved in place: growing, shrinking and appending copy into
/// unoccupied bytes, and then the state changes as a whole. A process that is killed anywhere in here changes nothing or everything.
/// One process at a time, under the queue's lock.
/// </remarks>
internal sealed unsafe class QueueRing(SharedMemory memory)
{
    /// <summary>Bytes at first.</summary>
    public const long InitialSize = 64 * 1024;

    /// <summary>A ring up to this size is not worth shrinking.</summary>
    private const long MaxRetainedSize = 4 * 1024 * 1024;

    /// <summary>To read so much costs little, written or not.</summary>
    private const int MaxUncheckedLength = 1 << 20;

    private const int LengthSize = sizeof(long);

    /// <summary>Records begin at multiples of it.</summary>
    public const int Alignment = sizeof(long);

    /// <summary>Puts a record behind the last.</summary>
    /// <returns>The state that makes it count.</returns>
    public QueueState Append(QueueState state, ReadOnlySpan<byte> item)
    {
        var record = RecordSize(item.Length);
        state = EnsureFree(state, record);
        var position = (state.Head + state.Used) % state.Size;
        *(long*)(memory.Pointer + position) = item.Length;
        var start = (position + LengthSize) % state.Size;
        var untilWrap = (int)Math.Min(item.Length, state.Size - start);
        item[..untilWrap].CopyTo(new Span<byte>(memory.Pointer + start, untilWrap));
        item[untilWrap..].CopyTo(new Span<byte>(memory.Pointer, item.Length - untilWrap));
        state.Used += record;
        state.Count++;
        return state;
    }

    /// <summary>Copies the first record out.</summary>
    /// <param name="state">Where it is.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="item">The copy; null: it has more.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>The state in which it is gone.</returns>
    /// <exception cref="InvalidDataException">There is no such record: another process wrote into the memory.</exception>
    public QueueState TakeFirst(QueueState state, long most, out byte[]? item, out int length)
    {
        EnsureMapped(state);
        var claimed = *(long*)(memory.Pointer + state.Head);
        if (claimed < 0 || claimed > Math.Min(Array.MaxLength, state.Used - LengthSize) || (state.Count == 1) != (RecordSize((int)claimed) == state.Used))
        {
            throw new InvalidDataException($"the first of {state.Count} items, in {state.Used} bytes, has a length of {claimed}");
        }

        length = (int)claimed;
        item = null;
        if (length <= most)
        {
            var start = (state.Head + LengthSize) % state.Size;
            var untilWrap = (int)Math.Min(length, state.Size - start);
            EnsureWritten(start, untilWrap);
            EnsureWritten(0, length - untilWrap);
            item = GC.AllocateUninitializedArray<byte>(length);
            new ReadOnlySpan<byte>(memory.Pointer + start, untilWrap).CopyTo(item);
            new ReadOnlySpan<byte>(memory.Pointer, length - untilWrap).CopyTo(item.AsSpan(untilWrap));
        }

        var record = RecordSize(length);
        state.Head = (state.Head + record) % state.Size;
        state.Used -= record;
        state.Count--;
        return state;
    }

    /// <summary>Moves what is left to the beginning if that frees much memory.</summary>
    /// <returns>The state after which <see cref="Discard"/> may follow; the same if there is nothing to gain.</returns>
    /// <exception cref="InvalidDataException">It is not all there: another process wrote into the memory.</exception>
    public QueueState Compact(QueueState state)
    {
        var size = Math.Max(MaxRetainedSize, (long)BitOperations.RoundUpToPowerOf2((ulong)state.Used * 2));
        var isWrapped = state.Head + state.Used > state.Size;
        if (size > state.Size / 4 || isWrapped || (state.Head < state.Used && state.Head > 0))
        {
            return state;
        }

        EnsureWritten(state.Head, state.Used);
        Buffer.MemoryCopy(memory.Pointer + state.Head, memory.Pointer, state.Used, state.Used);
        state.Head = 0;
        state.Size = size;
        return state;
    }

    /// <summary>Gives the memory behind the ring back to the system.</summary>
    public void Discard(QueueState state, long formerSize) => memory.Discard(state.Size, formerSize - state.Size);

    private static long RecordSize(int length) => LengthSize + (((long)length + Alignment - 1) & -Alignment);

    // Whoever made the ring so large made its memory so long before.
    private void EnsureMapped(in QueueState state)
    {
        if (!memory.Has(state.Size))
        {
            throw new InvalidDataException($"its ring of {state.Size} bytes is not there");
        }

        try
        {
            memory.EnsureLength(state.Size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or OutOfMemoryException)
        {
            throw new InvalidDataException($"its ring of {state.Size} bytes cannot be mapped: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    // To read what nobody has written takes memory for it. So what another process claims costs no more than that process has spent on it.
    private void EnsureWritten(long start, long bytes)
    {
        if (bytes > MaxUncheckedLength && !memory.IsWritten(start, bytes))
        {
            throw new InvalidDataException($"nobody has written all of the {bytes} bytes that are said to be in use from {start} on");
        }
    }

    private QueueState EnsureFree(QueueState state, long bytes)
    {
        EnsureMapped(state);
        if (state.Size - state.Used >= bytes)
        {
            return state;
        }

        // Large enough for the new record not to wrap around: until the state changes, the beginning is still in use by the former, smaller ring.
        var size = state.Size;
        while (size < state.Head + state.Used + bytes)
        {
            size *= 2;
        }

        // What had wrapped around to the beginning now continues behind the former end, where nothing was.
        memory.EnsureLength(size);
        var wrapped = Math.Max(0, state.Head + state.Used - state.Size);
        EnsureWritten(0, wrapped);
        Buffer.MemoryCopy(memory.Pointer, memory.Pointer + state.Size, size - state.Size, wrapped);
        state.Size = size;
        return state;
    }
}
