using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// Memory that two processes see. One of them places blocks in it that are too large to be worth sending, the other reads them where they are. Thread-safe.
/// </summary>
/// <remarks>
/// The lowest room that is large enough is taken first: pages that were used before are used again, because touching a new one costs several times as
/// much as copying what it holds. When nothing was placed for a while, the system gets back the pages of all that is free.
/// </remarks>
internal sealed unsafe class BlockArea : IBufferPool, IDisposable
{
    /// <summary>What is smaller is not worth a place.</summary>
    public const int MinBlock = 1 << 16;

    // Addresses only, until it is used; and never so much that a container's limit is met here instead of in the collector, which can do something about it.
    private const long MaxBytes = 1L << 30;
    private const int MinPartOfMemory = 8;

    // A reader keeps sight of so much: to look at a page again costs less when it has been seen before.
    private const long KeptInSight = 1L << 26;

    private static readonly Comparer<Room> ByBegin = Comparer<Room>.Create(static (one, other) => one.Begin.CompareTo(other.Begin));

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Lazy<SharedMemory> _memory;
    private readonly bool _isForReading;
    private readonly int _pageSize;
    private readonly List<Room> _taken = [];
    private Timer? _idleTimer;
    private long _touched;
    private int _rents;
    private int _rentsSeen;
    private bool _isWatched;
    private bool _isDisposed;

    private BlockArea(string handle, Lazy<SharedMemory> memory, bool isForReading = false, int? pageSize = null)
    {
        _pageSize = pageSize ?? Environment.SystemPageSize;
        Handle = handle;
        _isForReading = isForReading;
        _memory = memory;
    }

    /// <summary>A printable name, with which the other process attaches.</summary>
    public string Handle { get; }

    /// <summary>Creates an area; null where memory cannot be shared without a file, or there is none to be had: then everything is sent.</summary>
    /// <param name="pageSize">Blocks are whole pages of so many bytes: what is not a page of its own cannot be given back. Null: as large as the system's.</param>
    /// <param name="othersRead">Whether it is this process that places blocks: then others cannot open it for writing, as far as the system can keep them from it.</param>
    public static BlockArea? TryCreate(int? pageSize = null, bool othersRead = false)
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
            return new BlockArea(memory.Handle, new Lazy<SharedMemory>(memory), pageSize: page);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>The area that another process created, to place blocks in it. It is attached when the first one is.</summary>
    public static BlockArea ForWriting(string handle) => new(handle, new Lazy<SharedMemory>(() => SharedMemory.Attach(handle)));

    /// <summary>The area that another process created, to read its blocks. It is attached when the first one is read.</summary>
    public static BlockArea ForReading(string handle) => new(handle, new Lazy<SharedMemory>(() => SharedMemory.AttachForReading(handle)), isForReading: true);

    int IBufferPool.MinLength => MinBlock;

    PooledBuffer? IBufferPool.TryRent(int bytes) => TryRent(bytes);

    /// <summary>Takes room for a block; null when there is none.</summary>
    public AreaBlock? TryRent(int bytes)
    {
        var memory = _memory.Value;
        var length = RoundUp(bytes);
        lock (_gate)
        {
            if (_isDisposed)
            {
                return null;
            }

            var (begin, place) = (0L, 0);
            while (place < _taken.Count && _taken[place].Begin - begin < length)
            {
                begin = _taken[place++].End;
            }

            if (memory.Length - begin < length)
            {
                return null;
            }

            _taken.Insert(place, new Room(begin, begin + length));
            Use(begin + length);
            return new AreaBlock(this, memory, begin, (int)Math.Min(length, Array.MaxLength));
        }
    }

    /// <summary>Makes a block longer where it is; false when what follows it is taken.</summary>
    public bool TryExtend(AreaBlock block, int bytes)
    {
        var end = block.Offset + RoundUp(bytes);
        lock (_gate)
        {
            var place = Find(block.Offset);
            if (end > (place + 1 < _taken.Count ? _taken[place + 1].Begin : _memory.Value.Length))
            {
                return false;
            }

            _taken[place] = new Room(block.Offset, end);
            Use(end);
            return true;
        }
    }

    /// <summary>The block is no longer needed here. Where it was placed, its room is free; where it was read, its pages no longer count as this process's.</summary>
    public void Release(AreaBlock block)
    {
        if (!_isForReading)
        {
            Free(block.Offset);
        }
        else if (block.Offset + block.Length > KeptInSight)
        {
            _memory.Value.LoseSight(block.Offset / _pageSize * _pageSize, block.Length);
        }
    }

    /// <summary>The room of the block at that offset is free. Nothing happens if there is none.</summary>
    public void Free(long offset)
    {
        lock (_gate)
        {
            var place = Find(offset);
            if (place < 0)
            {
                return;
            }

            _taken.RemoveAt(place);
            if (!_isWatched && !_isDisposed)
            {
                _isWatched = true;
                WatchOn();
            }
        }
    }

    /// <summary>Whether there are such bytes in the area. Asked before they are read, of what another process says.</summary>
    public bool Contains(long offset, long length) => offset >= 0 && length is >= 0 and <= int.MaxValue && offset <= _memory.Value.Length - length;

    /// <summary>What the other process has placed.</summary>
    /// <exception cref="InvalidDataException">That is not within the area.</exception>
    public ReadOnlyMemory<byte> Read(long offset, long length)
    {
        var memory = _memory.Value;
        return Contains(offset, length)
            ? new AreaBlock(this, memory, offset, (int)length).Memory
            : throw new InvalidDataException($"A block claims {length} bytes from {offset} of an area of {memory.Length}.");
    }

    /// <summary>No more blocks are placed. What has been stays readable as long as anything refers to it.</summary>
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

    /// <summary>Disposes, and gives the memory back at once. The caller knows that nobody reads it any more.</summary>
    public void Unmap()
    {
        Dispose();
        if (_memory.IsValueCreated)
        {
            _memory.Value.Unmap();
        }
    }

    private int Find(long begin) => _taken.BinarySearch(new Room(begin, 0), ByBegin);

    private long RoundUp(int bytes) => ((long)bytes + _pageSize - 1) / _pageSize * _pageSize;

    private void Use(long end)
    {
        _rents++;
        _touched = Math.Max(_touched, end);
    }

    private void WatchOn()
    {
        _idleTimer ??= new Timer(static area => ((BlockArea)area!).TrimIfIdle(), this, Timeout.Infinite, Timeout.Infinite);
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
                WatchOn();
                return;
            }

            _isWatched = false;
            Trim();
        }
    }

    private void Trim()
    {
        foreach (var (begin, end) in UsedAndFree())
        {
            _memory.Value.Discard(begin, end - begin);
        }

        _touched = _taken.Count == 0 ? 0 : _taken[^1].End;
    }

    /// <summary>What is free and was used before: begin and end of each range. For trimming, under the lock, and for tests.</summary>
    internal IEnumerable<(long Begin, long End)> UsedAndFree()
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

    private sealed record Room(long Begin, long End);
}
