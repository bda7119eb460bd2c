using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>Mutual exclusion among threads of any processes. Belongs to a process, not to a thread; a dead process's hold passes to whoever waits.</summary>
/// <remarks>Without contention entering and leaving are one interlocked operation each and no system call. Not reentrant.</remarks>
internal sealed unsafe class RobustLock
{
    /// <summary>Bytes it occupies: its own cache line.</summary>
    public const int Size = 64;

    /// <summary>How long an attempt within another wait may stay at an inner lock.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(50);

    private readonly SharedBlock _block;
    private readonly ulong* _owner;
    private readonly Waiters _waiters;
    private readonly Attempt<bool> _enter;

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
    public void Enter() => TryEnter(Timeout.InfiniteTimeSpan, CancellationToken.None, out _);

    /// <summary>The same for an <see cref="Attempt{TResult}"/>, which must not be held up by a process that is stopped inside.</summary>
    public bool TryEnterBriefly() => TryEnter(Brief, CancellationToken.None, out _);

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
