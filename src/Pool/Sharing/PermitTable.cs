using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>The table of a semaphore's permits: their number, and how many each process holds.</summary>
/// <remarks>
/// The number of free permits is never stored but computed from the two, and acquiring or releasing changes one word.
/// So a process that is killed at any point leaves a consistent table, and the permits that it held can be found. The
/// two numbers that everything depends on carry a tag, so that memory that was overwritten by another process is
/// detected.
/// </remarks>
internal sealed unsafe class PermitTable
{
    private const int MaxHolders = 1024;
    private const ulong PermitsMark = 0x4D50ul << 48;
    private const uint EntriesMark = 0x4D50u << 16;

    private readonly SharedBlock _block;
    private readonly RobustLock _lock;
    private readonly Totals* _totals;
    private readonly Entry* _entries;

    public PermitTable(SharedBlock block)
    {
        _block = block;
        _lock = new RobustLock(block, 0);
        _totals = (Totals*)block.At(RobustLock.Size);
        _entries = (Entry*)(_totals + 1);
        Waiters = new Waiters(block, new WaitWord(block, RobustLock.Size + sizeof(Totals) + (MaxHolders * sizeof(Entry))), inTurn: true);
        Take = TryTake;
    }

    /// <summary>The size in bytes.</summary>
    public static int Size => RobustLock.Size + sizeof(Totals) + (MaxHolders * sizeof(Entry)) + WaitWord.Size;

    public Waiters Waiters { get; }

    private long Permits
    {
        get
        {
            var word = Volatile.Read(ref _totals->Permits);
            return (word & (0xFFFFul << 48)) == PermitsMark ? (long)(word & ~PermitsMark) : throw _block.Damaged("its number of permits");
        }

        set => Volatile.Write(ref _totals->Permits, PermitsMark | (ulong)value);
    }

    private int Entries
    {
        get
        {
            var entries = Volatile.Read(ref _totals->Entries) ^ EntriesMark;
            return entries <= MaxHolders ? (int)entries : throw _block.Damaged("its number of holders");
        }

        set => Volatile.Write(ref _totals->Entries, EntriesMark | (uint)value);
    }

    /// <summary>Creates a table without permits.</summary>
    public void Initialize()
    {
        Permits = 0;
        Entries = 0;
    }

    /// <summary>The attempt to acquire one permit.</summary>
    public Attempt<bool> Take { get; }

    public int Free
    {
        get
        {
            _lock.Enter();
            try
            {
                return CountFree();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    /// <summary>Releases permits. Those that this process does not hold are added to the semaphore.</summary>
    /// <returns>The number of permits that were free before.</returns>
    public int Release(int count)
    {
        int free;
        _lock.Enter();
        try
        {
            free = CountFree();
            if (free > int.MaxValue - count)
            {
                throw new SemaphoreFullException($"Releasing {count} permits when {free} are free exceeds {int.MaxValue}. Release what was acquired.");
            }

            var entry = FindMine();
            var returned = entry is null ? 0 : Math.Min(entry->Held, count);
            Permits += count - returned;
            if (returned > 0)
            {
                Volatile.Write(ref entry->Held, entry->Held - returned);
            }
        }
        finally
        {
            _lock.Exit();
        }

        Waiters.Word.Wake(count);
        GC.KeepAlive(_block);
        return free;
    }

    private bool TryTake(bool isOverdue, out bool result)
    {
        result = false;
        if (!_lock.TryEnterBriefly())
        {
            return false;
        }

        int free;
        try
        {
            free = CountFree();
            if (free == 0 && isOverdue)
            {
                ReclaimPermitsOfDeadProcesses();
                free = CountFree();
            }

            if (free == 0)
            {
                return false;
            }

            var entry = FindMine();
            if (entry is null)
            {
                entry = FindUnused();
                entry->Owner = ProcessIdentity.Current.Value;
            }

            Volatile.Write(ref entry->Held, entry->Held + 1);
        }
        finally
        {
            _lock.Exit();
        }

        if (free > 1)
        {
            Waiters.Word.Wake(1);
        }

        GC.KeepAlive(_block);
        return result = true;
    }

    private int CountFree()
    {
        var held = 0L;
        var entries = Entries;
        for (var i = 0; i < entries; i++)
        {
            var count = Volatile.Read(ref _entries[i].Held);
            held += count >= 0 ? count : throw _block.Damaged($"a holder of {count} permits");
        }

        var permits = Permits;
        return permits >= held ? (int)Math.Min(permits - held, int.MaxValue) : throw _block.Damaged($"{held} permits of {permits} are held");
    }

    private void ReclaimPermitsOfDeadProcesses()
    {
        var entries = Entries;
        for (var i = 0; i < entries; i++)
        {
            if (_entries[i].Held > 0 && !new ProcessIdentity(_entries[i].Owner).IsAlive)
            {
                Volatile.Write(ref _entries[i].Held, 0);
            }
        }
    }

    private Entry* FindMine()
    {
        var entries = Entries;
        for (var i = 0; i < entries; i++)
        {
            if (_entries[i].Held > 0 && _entries[i].Owner == ProcessIdentity.Current.Value)
            {
                return &_entries[i];
            }
        }

        return null;
    }

    private Entry* FindUnused()
    {
        for (var i = 0; i < MaxHolders; i++)
        {
            if (_entries[i].Held == 0)
            {
                Entries = Math.Max(Entries, i + 1);
                return &_entries[i];
            }
        }

        throw new InvalidOperationException(
            $"{MaxHolders} processes hold permits of this SharedSemaphore, which is as many as it can tell apart. Use several semaphores.");
    }

    private struct Totals
    {
        public ulong Permits;
        public uint Entries;
    }

    private struct Entry
    {
        public ulong Owner;
        public int Held;
    }
}
