using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiProc.Worker.Calls;

/// <summary>
/// A lock that is biased to the main thread, which enters for each item, while other threads enter seldom. The main
/// thread executes no interlocked operation; the others compensate with a memory barrier in all threads of the process
/// (asymmetric Dekker; "Asymmetric Dekker Synchronization", Dice, Huang and Yang 2001). Not reentrant.
/// </summary>
internal sealed class AsymmetricLock
{
    private readonly Lock _others = new();

    // The managed id of the constructing thread, which is the main thread.
    private readonly int _mainThread = Environment.CurrentManagedThreadId;
    private bool _isMainIn;
    private bool _isOtherIn;

    /// <summary>Enters the lock. Disposing the result leaves it.</summary>
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

        // A processor may execute the read before the write, but not across the other thread's barrier.
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
            // The next thread takes the inner lock after this one, and sees the write.
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

    /// <summary>The scope in which a thread owns the lock.</summary>
    public readonly ref struct LockScope(AsymmetricLock owner, bool isMain)
    {
        public void Dispose() => owner.Leave(isMain);
    }
}
