using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>A queue of encoded items in shared memory, for any number of producers and consumers.</summary>
internal sealed class ItemQueue : IItemLimits
{
    private const int ItemsOffset = RobustLock.Size;
    private const int SpaceOffset = ItemsOffset + WaitWord.Size;
    private const int StateOffset = SpaceOffset + WaitWord.Size;

    private readonly SharedBlock _block;
    private readonly SharedMemory _memory;
    private readonly RobustLock _lock;
    private readonly CrashSafeCell<QueueState> _state;
    private readonly QueueRing _ring;
    private readonly int _capacity;

    private long _maxRead = long.MaxValue;
    private long _maxWritten = long.MaxValue;

    // Excludes threads of this process: the lock in shared memory excludes nobody once another process has overwritten
    // it, and the memory is remapped and unmapped inside of it.
    private readonly Lock _inside = new();

    private ItemQueue(SharedBlock block, SharedMemory memory, int? capacity = null)
    {
        _block = block;
        _memory = memory;
        _lock = new RobustLock(block, 0);
        Items = new Waiters(block, new WaitWord(block, ItemsOffset), inTurn: true);
        Space = new Waiters(block, new WaitWord(block, SpaceOffset), inTurn: true);
        _state = new CrashSafeCell<QueueState>(block, StateOffset);
        _ring = new QueueRing(memory);
        DequeueOrEnd = TryDequeue;
        Live = new ItemLive(this);
        if (capacity is { } items)
        {
            _state.Write(new QueueState { Size = QueueRing.InitialSize, Capacity = items });
        }

        // Read once: the capacity must not depend on later writes of other processes.
        _capacity = _state.Read().Capacity;
        ReadState();
    }

    private static long BodySize => StateOffset + CrashSafeCell<QueueState>.Size;

    public SharedBlock Block => _block;

    public string Handle => JoinedHandle.Join(_block.Handle, _memory.Handle);

    /// <summary>The waiters for items.</summary>
    public Waiters Items { get; }

    /// <summary>The waiters for free space.</summary>
    public Waiters Space { get; }

    /// <summary>The live objects in its items.</summary>
    public ItemLive Live { get; }

    /// <summary>The type of its items, for error messages.</summary>
    public required Type ItemType { get; init; }

    /// <summary>The maximum size in bytes of an item that this process dequeues. It can only decrease.</summary>
    public long MaxRead => Volatile.Read(ref _maxRead);

    /// <summary>The maximum size in bytes of an item that this process enqueues. It can only decrease.</summary>
    public long MaxWritten => Volatile.Read(ref _maxWritten);

    /// <summary>
    /// The attempt to dequeue the first item. The result is null when the queue was completed and is empty.
    /// </summary>
    public Attempt<byte[]?> DequeueOrEnd { get; }

    public QueueState State
    {
        get
        {
            _block.ThrowIfEnded();
            return ReadState();
        }
    }

    public static ItemQueue Create(int? capacity, Type itemType)
    {
        var block = SharedBlock.Create(SharedKind.Queue, BodySize);
        return new ItemQueue(block, SharedMemory.Create(QueueRing.InitialSize, mayGrow: true), capacity ?? 0) { ItemType = itemType };
    }

    public static ItemQueue Attach(string handle, Type itemType)
    {
        var (block, memory) = JoinedHandle.Split(handle);
        return new ItemQueue(SharedBlock.Attach(block, BodySize, SharedKind.Queue), SharedMemory.Attach(memory, QueueRing.InitialSize)) { ItemType = itemType };
    }

    /// <summary>Creates the attempt to enqueue an item.</summary>
    public Attempt<bool> Enqueue(ReadOnlyMemory<byte> item) => (bool _, out bool result) => result = TryEnqueue(item.Span);

    public void Complete()
    {
        _lock.Enter();
        try
        {
            _block.ThrowIfEnded();
            _state.Write(ReadState() with { IsCompleted = true });
        }
        finally
        {
            _lock.Exit();
        }

        Items.Word.WakeAll();
        Space.Word.WakeAll();
    }

    /// <returns>False if the queue had ended before.</returns>
    public bool End()
    {
        // Inside the lock no thread of this process uses the items, so their memory can be unmapped at once. If the
        // lock cannot be entered in time, the memory is unmapped when nothing refers to it any more.
        var isInside = TryEnterBeforeEnd();
        var isFirst = _block.End();
        if (isInside)
        {
            lock (_inside)
            {
                _memory.Unmap();
            }

            _lock.Exit();
        }
        else
        {
            _memory.Dispose();
        }

        return isFirst;
    }

    private bool TryEnterBeforeEnd()
    {
        try
        {
            return _lock.TryEnterBriefly();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or ProcessPoolException)
        {
            // The queue has been ended by its creator or another thread, which the caller is about to do, or it is damaged.
            return false;
        }
    }

    /// <exception cref="ProcessPoolException">Another process wrote into its memory.</exception>
    private QueueState ReadState()
    {
        var state = _state.Read();
        return state.IsPossible && state.Capacity == _capacity ? state : throw _block.Damaged($"{state}");
    }

    private bool TryEnqueue(ReadOnlySpan<byte> item)
    {
        if (!_lock.TryEnterBriefly())
        {
            return false;
        }

        QueueState after;
        _inside.Enter();
        try
        {
            _block.ThrowIfEnded();
            var before = ReadState();
            if (before.IsCompleted)
            {
                throw new InvalidOperationException("The SharedQueue was completed and accepts no more items. Enqueue before calling Complete.");
            }

            if (before.Capacity > 0 && before.Count >= before.Capacity)
            {
                return false;
            }

            after = _ring.Append(before, item);
            _state.Write(after);
        }
        catch (InvalidDataException exception)
        {
            throw _block.Damaged(exception.Message);
        }
        finally
        {
            _inside.Exit();
            _lock.Exit();
        }

        Items.Word.Wake(1);
        if (after.Count < after.Capacity)
        {
            Space.Word.Wake(1);
        }

        return true;
    }

    private bool TryDequeue(bool isOverdue, out byte[]? item)
    {
        item = null;
        if (!_lock.TryEnterBriefly())
        {
            return false;
        }

        QueueState after;
        var length = 0;
        _inside.Enter();
        try
        {
            _block.ThrowIfEnded();
            var before = ReadState();
            if (before.Count == 0)
            {
                return before.IsCompleted;
            }

            after = _ring.TakeFirst(before, MaxRead, out item, out length);
            _state.Write(after); // from here on this process owns the item
            var compact = _ring.Compact(after);
            if (compact != after)
            {
                _state.Write(compact);
                _ring.Discard(compact, after.Size);
            }
        }
        catch (InvalidDataException exception)
        {
            throw _block.Damaged(exception.Message);
        }
        finally
        {
            _inside.Exit();
            _lock.Exit();
        }

        if (after.Capacity > 0)
        {
            Space.Word.Wake(1);
        }

        if (after.Count > 0)
        {
            Items.Word.Wake(1);
        }

        return item is not null ? true : throw RemoteFaults.NotSerializable(new BoundaryException(
            "item", ItemType, $"An item of {length:N0} bytes was taken out of a {_block.Name}, and is lost: at most {MaxRead:N0} are allowed. Enqueue less, or raise "
            + "ProcessPoolOptions.MaxResultBytes of the pools whose workers have the queue."));
    }

    public void LimitReading(long itemBytes) => Lower(ref _maxRead, itemBytes);

    public void LimitWriting(long itemBytes) => Lower(ref _maxWritten, itemBytes);

    private static void Lower(ref long limit, long value)
    {
        for (var known = Volatile.Read(ref limit); value < known;)
        {
            var seen = Interlocked.CompareExchange(ref limit, value, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }
}
