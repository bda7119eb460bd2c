using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiProc.Worker.Calls;

/// <summary>
/// Mutual exclusion between the main thread, which enters for each item, and other threads, which do so seldom. The main thread pays no interlocked operation:
/// others make up for it with a barrier in all threads of the process (asymmetric Dekker; "Asymmetric Dekker Synchronization", Dice, Huang and Yang 2001). Not reentrant.
/// </summary>
internal sealed class AsymmetricLock
{
    private readonly Lock _others = new();

    // Which creates it.
    private readonly int _mainThread = Environment.CurrentManagedThreadId;
    private bool _isMainIn;
    private bool _isOtherIn;

    /// <summary>Enters; disposing of what is returned leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LockScope Enter()
    {
        var isMain = Environment.CurrentManagedThreadId == _mainThread;
        if (isMain)
        {
            EnterMain();
        }
        else
        {
            EnterOther();
        }

        return new LockScope(this, isMain);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnterMain()
    {
        Debug.Assert(!_isMainIn, "The lock is not reentrant.");

        // A processor may read before it has written; not past the other's barrier, though.
        Volatile.Write(ref _isMainIn, true);
        if (Volatile.Read(ref _isOtherIn))
        {
            Yield();
        }
    }

    private void Yield()
    {
        Volatile.Write(ref _isMainIn, false);
        lock (_others)
        {
            // Whoever is next takes the lock after this one, and sees it.
            Volatile.Write(ref _isMainIn, true);
        }
    }

    private void EnterOther()
    {
        _others.Enter();
        Volatile.Write(ref _isOtherIn, true);
        Interlocked.MemoryBarrierProcessWide();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _isMainIn))
        {
            spin.SpinOnce();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Leave(bool isMain)
    {
        if (isMain)
        {
            Volatile.Write(ref _isMainIn, false);
            return;
        }

        Volatile.Write(ref _isOtherIn, false);
        _others.Exit();
    }

    /// <summary>One thread's time inside.</summary>
    public readonly ref struct LockScope(AsymmetricLock owner, bool isMain)
    {
        public void Dispose() => owner.Leave(isMain);
    }
}
