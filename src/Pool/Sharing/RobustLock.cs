using System.Diagnostics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>Mutual exclusion among threads of any processes. Belongs to a process, not to a thread; a dead process's hold passes to whoever waits.</summary>
/// <remarks>Without contention entering and leaving are one interlocked operation each and no system call. Not reentrant.</remarks>
internal sealed unsafe class RobustLock
{
    /// <summary>Bytes it occupies: its own cache line.</summary>
    public const int Size = 64;

    /// <summary>How long an attempt within another wait may stay at an inner lock.</summary>
    private static readonly TimeSpan MaxInnerWait = TimeSpan.FromMilliseconds(50);

    // An inner lock is held for microseconds. So many attempts in vain, for so long, all of them by this process's own clock: nobody will leave it.
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

    /// <summary>Enters, or gives up after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Infinite, or how long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="wasAbandoned">Whether the one before died inside.</param>
    public bool TryEnter(TimeSpan timeout, CancellationToken cancellationToken, out bool wasAbandoned) =>
        _waiters.Wait(_enter, timeout, cancellationToken, out wasAbandoned);

    /// <summary>Enters. The result says whether the one before died inside.</summary>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken) => _waiters.WaitAsync(_enter, cancellationToken);

    /// <summary>Enters to look at or change data that a death inside cannot leave half changed.</summary>
    /// <exception cref="ProcessPoolException">A process stays inside, or the lock says so because another process wrote into its memory.</exception>
    public void Enter()
    {
        while (!TryEnterBriefly())
        {
        }
    }

    /// <summary>The same for an <see cref="Attempt{TResult}"/>, which must not be held up by a process that is stopped inside.</summary>
    /// <exception cref="ProcessPoolException">As with <see cref="Enter"/>, if that has been tried again and again.</exception>
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
