using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>A semaphore's permits: how many there are, and how many each process holds.</summary>
/// <remarks>
/// How many are free is never stored but always computed from the two, and taking or giving back changes one word. So a process that is killed
/// anywhere in here leaves a consistent table, and what it held is found under its name.
/// </remarks>
internal sealed unsafe class PermitTable
{
    private const int MaxHolders = 1024;

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

    /// <summary>Bytes it occupies.</summary>
    public static int Size => RobustLock.Size + sizeof(Totals) + (MaxHolders * sizeof(Entry)) + WaitWord.Size;

    public Waiters Waiters { get; }

    /// <summary>Tries to take one permit.</summary>
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

    /// <summary>Gives permits back; those that this process does not hold are new ones.</summary>
    /// <returns>How many were free before.</returns>
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
            _totals->Permits += count - returned;
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
                ReturnPermitsOfTheDead();
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
        for (var i = 0; i < _totals->Entries; i++)
        {
            held += _entries[i].Held;
        }

        return (int)(_totals->Permits - held);
    }

    private void ReturnPermitsOfTheDead()
    {
        for (var i = 0; i < _totals->Entries; i++)
        {
            if (_entries[i].Held > 0 && !new ProcessIdentity(_entries[i].Owner).IsAlive)
            {
                Volatile.Write(ref _entries[i].Held, 0);
            }
        }
    }

    private Entry* FindMine()
    {
        for (var i = 0; i < _totals->Entries; i++)
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
                _totals->Entries = Math.Max(_totals->Entries, i + 1);
                return &_entries[i];
            }
        }

        throw new InvalidOperationException(
            $"{MaxHolders} processes hold permits of this SharedSemaphore, which is as many as it can tell apart. Use several semaphores.");
    }

    private struct Totals
    {
        public long Permits;
        public int Entries;
    }

    private struct Entry
    {
        public ulong Owner;
        public int Held;
    }
}
