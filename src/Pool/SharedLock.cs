using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// A lock that excludes threads and tasks of all processes it is handed to. It crosses to a worker live: as an argument, inside one, or captured by a lambda.
/// The counterpart of Python's <c>multiprocessing.Lock</c>.
/// </summary>
/// <remarks>
/// <para>
/// Unlike Python's it survives the death of its holder: when a process ends while it holds the lock, in whatever way, the lock passes to the next who
/// waits, and <see cref="Holder.WasAbandoned"/> tells that one so.
/// </para>
/// <para>
/// It belongs to the <see cref="Holder"/>, not to a thread: it may be released by another thread than the one that acquired it, and it is not
/// reentrant - acquiring it again before releasing waits, in the same thread too. Without contention acquiring and releasing cost no system call.
/// Waiters are served roughly in the order they came.
/// </para>
/// <para>
/// It lives until the process that created it disposes it or exits; whoever then waits for it anywhere gets <see cref="ObjectDisposedException"/>.
/// Disposing it in another process only detaches that process. All members are safe to call from any number of threads.
/// </para>
/// </remarks>
[SharedObject(typeof(SharedLock.Copier))]
public sealed class SharedLock : IDisposable
{
    private readonly SharedBlock _block;
    private readonly RobustLock _lock;
    private readonly string _handle;
    private readonly bool _isPart;

    /// <summary>Creates a lock that nobody holds.</summary>
    public SharedLock()
        : this(SharedBlock.Create(SharedKind.Lock, RobustLock.Size), 0)
    {
        SharedObjects.Add(_handle, this, _block);
    }

    private SharedLock(SharedBlock block, int offset)
    {
        _block = block;
        _lock = new RobustLock(block, offset);
        _isPart = block.Kind != SharedKind.Lock;
        _handle = SharedLockHandle.Of(block, offset);
    }

    private string LiveHandle
    {
        get
        {
            _block.ThrowIfEnded();
            return _handle;
        }
    }

    private static SharedLock Attach(string handle) => SharedObjects.GetOrAttach(handle, static handle =>
    {
        var (block, offset) = SharedLockHandle.Attach(handle);
        return new SharedLock(block, offset);
    });

    /// <summary>Waits until this caller holds the lock.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The hold; disposing it releases the lock.</returns>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The lock was disposed here or by its creator, or the creator has exited.</exception>
    public ValueTask<Holder> AcquireAsync(CancellationToken cancellationToken = default)
    {
        var entering = _lock.EnterAsync(cancellationToken);
        return entering.IsCompletedSuccessfully ? new ValueTask<Holder>(new Holder(this, entering.Result)) : HoldAsync(entering);

        async ValueTask<Holder> HoldAsync(ValueTask<bool> pending) => new(this, await pending.ConfigureAwait(false));
    }

    /// <summary>Blocks the calling thread until it holds the lock.</summary>
    /// <inheritdoc cref="AcquireAsync"/>
    public Holder Acquire(CancellationToken cancellationToken = default)
    {
        _lock.TryEnter(Timeout.InfiniteTimeSpan, cancellationToken, out var wasAbandoned);
        return new Holder(this, wasAbandoned);
    }

    /// <summary>Blocks the calling thread until it holds the lock or the time is up.</summary>
    /// <param name="timeout">How long to wait: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. Zero, the default, does not wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The hold; null when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The lock was disposed here or by its creator, or the creator has exited.</exception>
    public Holder? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        Waiters.ThrowIfNegative(timeout);
        return _lock.TryEnter(timeout, cancellationToken, out var wasAbandoned) ? new Holder(this, wasAbandoned) : null;
    }

    /// <summary>Ends the lock if this process created it, otherwise detaches from it. Releasing a hold that is still out remains possible.</summary>
    /// <remarks>Does nothing to the <c>Lock</c> of a value or an array, which lives as long as that.</remarks>
    public void Dispose()
    {
        if (!_isPart && _block.End())
        {
            SharedObjects.Remove(_handle, this);
        }
    }

    /// <summary>The lock inside another shared object.</summary>
    internal static SharedLock PartOf(SharedBlock block, int offset) =>
        SharedObjects.GetOrAttach(SharedLockHandle.Of(block, offset), _ => new SharedLock(block, offset));

    /// <summary>Has a later attachment make another object, when the owner of this part is disposed here.</summary>
    internal void Forget() => SharedObjects.Remove(_handle, this);

    /// <summary>One holding of a <see cref="SharedLock"/>.</summary>
    public sealed class Holder : IDisposable
    {
        private SharedLock? _held;

        internal Holder(SharedLock held, bool wasAbandoned)
        {
            _held = held;
            WasAbandoned = wasAbandoned;
        }

        /// <summary>
        /// True when the process that held the lock before ended without releasing it, so that what the lock protects may be half changed.
        /// Only the next holder is told, as with <see cref="AbandonedMutexException"/>.
        /// </summary>
        public bool WasAbandoned { get; }

        /// <summary>Releases the lock; the second and later calls do nothing. May be called by any thread.</summary>
        public void Dispose() => Interlocked.Exchange(ref _held, null)?._lock.Exit();
    }

    internal sealed class Copier : SharedObjectCopier<SharedLock>
    {
        public override string HandleOf(SharedLock shared) => shared.LiveHandle;

        public override SharedLock Attach(string handle) => SharedLock.Attach(handle);
    }
}
