using System.Diagnostics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>
/// A lock in shared memory for threads of any processes. It is owned by a process, not by a thread. If the owner dies,
/// the next waiter gets it.
/// </summary>
/// <remarks>
/// Without contention, entering and leaving take one interlocked operation each and no system call. Not reentrant.
/// </remarks>
internal sealed unsafe class RobustLock
{
    /// <summary>The size in bytes: its own cache line.</summary>
    public const int Size = 64;

    /// <summary>How long an attempt of another wait may block on an inner lock.</summary>
    private static readonly TimeSpan MaxInnerWait = TimeSpan.FromMilliseconds(50);

    // An inner lock is held for microseconds. After this many failed attempts over this time, both by this process's
    // own clock, nobody will release it.
    private const int MaxFailures = 100;
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(30);

    private readonly SharedBlock _block;
    private readonly ulong* _owner;
    private readonly Waiters _waiters;
    private readonly Attempt<bool> _enter;
    private int _failures;
    private long _failingSince;

    public RobustLock(SharedBlock block, int offset)
    {
        _block = block;
        _owner = (ulong*)block.At(offset);
        _waiters = new Waiters(block, new WaitWord(block, offset + sizeof(ulong)), inTurn: true);
        _enter = TryEnterOnce;
    }

    /// <summary>Enters, or returns false after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">The time limit, or infinite.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="wasAbandoned">Whether the previous owner died inside.</param>
    public bool TryEnter(TimeSpan timeout, CancellationToken cancellationToken, out bool wasAbandoned) =>
        _waiters.Wait(_enter, timeout, cancellationToken, out wasAbandoned);

    /// <summary>Enters. The result says whether the previous owner died inside.</summary>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken) => _waiters.WaitAsync(_enter, cancellationToken);

    /// <summary>Enters to read or change data that stays consistent if a process dies inside.</summary>
    /// <exception cref="ProcessPoolException">
    /// A process does not leave, or another process wrote into the memory of the lock.
    /// </exception>
    public void Enter()
    {
        while (!TryEnterBriefly())
        {
        }
    }

    /// <summary>
    /// Enters as <see cref="Enter"/> does, with a short time limit. It is for an <see cref="Attempt{TResult}"/>, which
    /// must not be blocked by a process that is stopped inside.
    /// </summary>
    /// <exception cref="ProcessPoolException">As with <see cref="Enter"/>, after many failed attempts.</exception>
    public bool TryEnterBriefly()
    {
        if (TryEnter(MaxInnerWait, CancellationToken.None, out _))
        {
            if (Volatile.Read(ref _failures) != 0)
            {
                Volatile.Write(ref _failures, 0);
            }

            return true;
        }

        if (Interlocked.Increment(ref _failures) == 1)
        {
            Volatile.Write(ref _failingSince, Stopwatch.GetTimestamp());
        }
        else if (Volatile.Read(ref _failures) >= MaxFailures && Stopwatch.GetElapsedTime(Volatile.Read(ref _failingSince)) >= MaxHold)
        {
            Volatile.Write(ref _failures, 0);
            throw _block.Damaged(
                $"its inner lock has been held for {MaxHold.TotalSeconds:0} s by process {new ProcessIdentity(Volatile.Read(ref *_owner)).ProcessId}, unless that process stands still");
        }

        return false;
    }

    public void Exit()
    {
        Interlocked.CompareExchange(ref *_owner, 0, ProcessIdentity.Current.Value);
        _waiters.Word.Wake(1);
        GC.KeepAlive(_block);
    }

    private bool TryEnterOnce(bool isOverdue, out bool wasAbandoned)
    {
        var owner = Interlocked.CompareExchange(ref *_owner, ProcessIdentity.Current.Value, 0);
        wasAbandoned = owner != 0 && isOverdue && !new ProcessIdentity(owner).IsAlive
            && Interlocked.CompareExchange(ref *_owner, ProcessIdentity.Current.Value, owner) == owner;
        GC.KeepAlive(_block);
        return owner == 0 || wasAbandoned;
    }
}
