using System.Numerics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>
/// The memory of a queue: a ring buffer of records that doubles when it is full and shrinks when little of it is used.
/// </summary>
/// <remarks>
/// Bytes that <see cref="QueueState"/> counts as occupied are never overwritten or moved in place. Growing, shrinking
/// and appending copy into unoccupied bytes, and then the state changes atomically. A process that is killed at any
/// point has changed nothing or everything. One process at a time, under the queue's lock.
/// </remarks>
internal sealed unsafe class QueueRing(SharedMemory memory)
{
    /// <summary>The initial size in bytes.</summary>
    public const long InitialSize = 64 * 1024;

    /// <summary>A ring of at most this size is not worth shrinking.</summary>
    private const long MaxRetainedSize = 4 * 1024 * 1024;

    /// <summary>Reading at most this much costs little, written or not.</summary>
    private const int MaxUncheckedLength = 1 << 20;

    private const int LengthSize = sizeof(long);

    /// <summary>Records begin at multiples of this number.</summary>
    public const int Alignment = sizeof(long);

    /// <summary>Appends a record.</summary>
    /// <returns>The state that includes the record.</returns>
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

    /// <summary>Copies the first record.</summary>
    /// <param name="state">The state that describes the record.</param>
    /// <param name="most">The maximum size in bytes.</param>
    /// <param name="item">The copy; null: the record is larger.</param>
    /// <param name="length">The size of the record in bytes.</param>
    /// <returns>The state without the record.</returns>
    /// <exception cref="InvalidDataException">
    /// The record is impossible: another process wrote into the memory.
    /// </exception>
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

    /// <summary>Moves the remaining records to the beginning if that frees much memory.</summary>
    /// <returns>
    /// The state after which <see cref="Discard"/> may follow; the same state if there is nothing to gain.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// Part of the memory is missing: another process wrote into the memory.
    /// </exception>
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

    /// <summary>Returns the memory behind the ring to the system.</summary>
    public void Discard(QueueState state, long formerSize) => memory.Discard(state.Size, formerSize - state.Size);

    private static long RecordSize(int length) => LengthSize + (((long)length + Alignment - 1) & -Alignment);

    // The process that made the ring this large has extended the memory before.
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

    // Reading pages that nobody has written allocates memory for them. With this check, a claim of another process
    // costs no more memory than that process has spent itself.
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

        // Large enough that the new record does not wrap around: until the state changes, the beginning still belongs
        // to the former, smaller ring.
        var size = state.Size;
        while (size < state.Head + state.Used + bytes)
        {
            size *= 2;
        }

        // Records that had wrapped around to the beginning now continue behind the former end, where the memory was
        // unused.
        memory.EnsureLength(size);
        var wrapped = Math.Max(0, state.Head + state.Used - state.Size);
        EnsureWritten(0, wrapped);
        Buffer.MemoryCopy(memory.Pointer, memory.Pointer + state.Size, size - state.Size, wrapped);
        state.Size = size;
        return state;
    }
}
