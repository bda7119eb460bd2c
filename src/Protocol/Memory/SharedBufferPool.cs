using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// A pool of buffers in memory that two processes share. One process places content there that is too large to be worth
/// sending; the other reads it in place. Thread-safe.
/// </summary>
/// <remarks>
/// Allocation is first-fit from the lowest offset, so that pages are reused: touching a new page costs several times as
/// much as copying its content. When nothing was placed for some seconds, all free pages are returned to the system.
/// </remarks>
internal sealed unsafe class SharedBufferPool : IBufferPool, IDisposable
{
    /// <summary>The minimum size in bytes of content that is worth a shared buffer.</summary>
    public const int MinLength = 1 << 16;

    // The size is address space only, until it is used. It is limited to a part of the memory, so that a container's
    // limit is hit by the collector, which can react, and not here.
    private const long MaxBytes = 1L << 30;
    private const int MinPartOfMemory = 8;

    // A reader keeps this many bytes mapped: accessing a mapped page again is cheaper.
    private const long MaxResident = 1L << 26;

    private static readonly Comparer<Extent> ByBegin = Comparer<Extent>.Create(static (one, other) => one.Begin.CompareTo(other.Begin));

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Lazy<SharedMemory> _memory;
    private readonly bool _isForReading;
    private readonly int _pageSize;
    private readonly List<Extent> _taken = [];
    private Timer? _idleTimer;
    private long _touched;
    private int _rents;
    private int _rentsSeen;
    private bool _isIdleTimerRunning;
    private bool _isDisposed;

    private SharedBufferPool(string handle, Lazy<SharedMemory> memory, bool isForReading = false, int? pageSize = null)
    {
        _pageSize = pageSize ?? Environment.SystemPageSize;
        Handle = handle;
        _isForReading = isForReading;
        _memory = memory;
    }

    /// <summary>The printable name with which the other process attaches.</summary>
    public string Handle { get; }

    /// <summary>
    /// Creates a pool; null where memory cannot be shared without a file, or none is available. Everything is sent
    /// then.
    /// </summary>
    /// <param name="pageSize">
    /// The page size: buffers are whole pages, because parts of pages cannot be returned to the system. Null: the
    /// system's page size.
    /// </param>
    /// <param name="othersRead">
    /// Whether only this process places content: then other processes cannot open the memory for writing, as far as the
    /// system can prevent that.
    /// </param>
    public static SharedBufferPool? TryCreate(int? pageSize = null, bool othersRead = false)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var page = pageSize ?? Environment.SystemPageSize;
            var length = Math.Min(MaxBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MinPartOfMemory) / page * page;
            var memory = SharedMemory.Create(Math.Max(length, page), mayGrow: false, othersRead);
            return new SharedBufferPool(memory.Handle, new Lazy<SharedMemory>(memory), pageSize: page);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>The pool of another process, to place content in it. It is attached on first use.</summary>
    public static SharedBufferPool ForWriting(string handle) => new(handle, new Lazy<SharedMemory>(() => SharedMemory.Attach(handle)));

    /// <summary>The pool of another process, to read its content. It is attached on first use.</summary>
    public static SharedBufferPool ForReading(string handle) => new(handle, new Lazy<SharedMemory>(() => SharedMemory.AttachForReading(handle)), isForReading: true);

    int IBufferPool.MinLength => MinLength;

    PooledBuffer? IBufferPool.TryRent(int bytes) => TryRent(bytes);

    /// <summary>Rents a buffer; null when there is no free extent of that size.</summary>
    public SharedBuffer? TryRent(int bytes)
    {
        var memory = _memory.Value;
        var length = RoundUp(bytes);
        lock (_gate)
        {
            if (_isDisposed)
            {
                return null;
            }

            var (begin, index) = (0L, 0);
            while (index < _taken.Count && _taken[index].Begin - begin < length)
            {
                begin = _taken[index++].End;
            }

            if (memory.Length - begin < length)
            {
                return null;
            }

            _taken.Insert(index, new Extent(begin, begin + length));
            NoteUse(begin + length);
            return new SharedBuffer(this, memory, begin, (int)Math.Min(length, Array.MaxLength));
        }
    }

    /// <summary>Extends a buffer in place; false when the memory behind it is in use.</summary>
    public bool TryExtend(SharedBuffer block, int bytes)
    {
        var end = block.Offset + RoundUp(bytes);
        lock (_gate)
        {
            var index = Find(block.Offset);
            if (end > (index + 1 < _taken.Count ? _taken[index + 1].Begin : _memory.Value.Length))
            {
                return false;
            }

            _taken[index] = new Extent(block.Offset, end);
            NoteUse(end);
            return true;
        }
    }

    /// <summary>
    /// Releases a buffer. If it was placed here, its memory is free; if it was read here, its pages no longer count as
    /// this process's memory.
    /// </summary>
    public void Release(SharedBuffer block)
    {
        if (!_isForReading)
        {
            Free(block.Offset);
        }
        else if (block.Offset + block.Length > MaxResident)
        {
            _memory.Value.DropPages(block.Offset / _pageSize * _pageSize, block.Length);
        }
    }

    /// <summary>Frees the buffer at this offset. Does nothing if there is none.</summary>
    public void Free(long offset)
    {
        lock (_gate)
        {
            var index = Find(offset);
            if (index < 0)
            {
                return;
            }

            _taken.RemoveAt(index);
            if (!_isIdleTimerRunning && !_isDisposed)
            {
                _isIdleTimerRunning = true;
                StartIdleTimer();
            }
        }
    }

    /// <summary>Whether the pool contains this range. Used to validate what another process claims.</summary>
    public bool Contains(long offset, long length) => offset >= 0 && length is >= 0 and <= int.MaxValue && offset <= _memory.Value.Length - length;

    /// <summary>The content that the other process has placed.</summary>
    /// <exception cref="InvalidDataException">The range is not within the pool.</exception>
    public ReadOnlyMemory<byte> Read(long offset, long length)
    {
        var memory = _memory.Value;
        return Contains(offset, length)
            ? new SharedBuffer(this, memory, offset, (int)length).Memory
            : throw new InvalidDataException($"A block claims {length} bytes from {offset} of an area of {memory.Length}.");
    }

    /// <summary>
    /// Ends the pool: no more buffers are rented. Content stays readable as long as anything refers to it.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed && _memory.IsValueCreated)
            {
                Trim();
                _memory.Value.Dispose();
            }

            _isDisposed = true;
            _idleTimer?.Dispose();
        }
    }

    /// <summary>Disposes and unmaps at once. The caller ensures that nobody reads the memory any more.</summary>
    public void Unmap()
    {
        Dispose();
        if (_memory.IsValueCreated)
        {
            _memory.Value.Unmap();
        }
    }

    private int Find(long begin) => _taken.BinarySearch(new Extent(begin, 0), ByBegin);

    private long RoundUp(int bytes) => ((long)bytes + _pageSize - 1) / _pageSize * _pageSize;

    private void NoteUse(long end)
    {
        _rents++;
        _touched = Math.Max(_touched, end);
    }

    private void StartIdleTimer()
    {
        _idleTimer ??= new Timer(static pool => ((SharedBufferPool)pool!).TrimIfIdle(), this, Timeout.Infinite, Timeout.Infinite);
        _idleTimer.Change(IdleTime, Timeout.InfiniteTimeSpan);
    }

    private void TrimIfIdle()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            if (_rents != _rentsSeen)
            {
                _rentsSeen = _rents;
                StartIdleTimer();
                return;
            }

            _isIdleTimerRunning = false;
            Trim();
        }
    }

    private void Trim()
    {
        foreach (var (begin, end) in FreeExtents())
        {
            _memory.Value.Discard(begin, end - begin);
        }

        _touched = _taken.Count == 0 ? 0 : _taken[^1].End;
    }

    /// <summary>
    /// The free extents that have been used before, as begin and end. For trimming, with the lock held, and for tests.
    /// </summary>
    internal IEnumerable<(long Begin, long End)> FreeExtents()
    {
        var begin = 0L;
        foreach (var taken in _taken)
        {
            if (taken.Begin > begin)
            {
                yield return (begin, taken.Begin);
            }

            begin = taken.End;
        }

        if (_touched > begin)
        {
            yield return (begin, _touched);
        }
    }

    private sealed record Extent(long Begin, long End);
}
