using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// A number of permits that threads and tasks of several processes share: acquiring takes one or waits for one. It crosses to a worker live.
/// The counterpart of Python's <c>multiprocessing.Semaphore</c>.
/// </summary>
/// <remarks>
/// <para>
/// Unlike Python's it survives the death of holders: permits that a process held when it ended, in whatever way, come back.
/// </para>
/// <para>
/// A permit is given back by disposing its <see cref="Holder"/> or by <see cref="Release"/>, one or the other. Releasing what one's own process
/// does not hold adds permits. Waiters are served roughly in the order they came.
/// </para>
/// <para>
/// It lives until the process that created it disposes it or exits; whoever then waits for it anywhere gets <see cref="ObjectDisposedException"/>.
/// Disposing it in another process only detaches that process. All members are safe to call from any number of threads.
/// </para>
/// </remarks>
[SharedObject(typeof(SharedSemaphore.Copier))]
public sealed class SharedSemaphore : IDisposable
{
    private readonly SharedBlock _block;
    private readonly PermitTable _permits;

    /// <summary>Creates a semaphore.</summary>
    /// <param name="initialCount">The number of free permits: zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialCount"/> is negative.</exception>
    public SharedSemaphore(int initialCount)
        : this(CreateBlock(initialCount))
    {
        _permits.Initialize();
        _permits.Release(initialCount);
        SharedObjects.Add(_block.Handle, this, _block);
    }

    private SharedSemaphore(SharedBlock block)
    {
        _block = block;
        _permits = new PermitTable(block);
    }

    /// <summary>The number of free permits at this moment. Permits of a process that has just died may still be missing.</summary>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed here or by its creator.</exception>
    public int CurrentCount => _permits.Free;

    private string LiveHandle
    {
        get
        {
            _block.ThrowIfEnded();
            return _block.Handle;
        }
    }

    private static SharedSemaphore Attach(string handle) =>
        SharedObjects.GetOrAttach(handle, static handle => new SharedSemaphore(SharedBlock.Attach(handle, PermitTable.Size, SharedKind.Semaphore)));

    /// <summary>Waits until this caller holds a permit.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The permit; disposing it gives it back.</returns>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed here or by its creator, or the creator has exited.</exception>
    public ValueTask<Holder> AcquireAsync(CancellationToken cancellationToken = default)
    {
        var taking = _permits.Waiters.WaitAsync(_permits.Take, cancellationToken);
        return taking.IsCompletedSuccessfully ? new ValueTask<Holder>(new Holder(this)) : HoldAsync(taking);

        async ValueTask<Holder> HoldAsync(ValueTask<bool> pending)
        {
            await pending.ConfigureAwait(false);
            return new Holder(this);
        }
    }

    /// <summary>Blocks the calling thread until it holds a permit.</summary>
    /// <inheritdoc cref="AcquireAsync"/>
    public Holder Acquire(CancellationToken cancellationToken = default) => TryAcquire(Timeout.InfiniteTimeSpan, cancellationToken)!;

    /// <summary>Blocks the calling thread until it holds a permit or the time is up.</summary>
    /// <param name="timeout">How long to wait: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. Zero, the default, does not wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The permit; null when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed here or by its creator, or the creator has exited.</exception>
    public Holder? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        Waiters.ThrowIfNegative(timeout);
        return _permits.Waiters.Wait(_permits.Take, timeout, cancellationToken, out _) ? new Holder(this) : null;
    }

    /// <summary>Gives permits back, or adds permits.</summary>
    /// <remarks>
    /// As far as this process holds permits, these count as given back: should it die, they do not come back a second time. Do not dispose the holder
    /// of a permit that was given back this way.
    /// </remarks>
    /// <param name="releaseCount">How many: one or more.</param>
    /// <returns>The number of permits that were free before.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="releaseCount"/> is less than one.</exception>
    /// <exception cref="SemaphoreFullException">There would be more than <see cref="int.MaxValue"/> free permits.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed here or by its creator.</exception>
    public int Release(int releaseCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(releaseCount, 1);
        return _permits.Release(releaseCount);
    }

    /// <summary>Ends the semaphore if this process created it, otherwise detaches from it.</summary>
    public void Dispose()
    {
        if (_block.End())
        {
            SharedObjects.Remove(_block.Handle, this);
        }
    }

    private static SharedBlock CreateBlock(int initialCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        return SharedBlock.Create(SharedKind.Semaphore, PermitTable.Size);
    }

    private void GiveBack()
    {
        try
        {
            _permits.Release(1);
        }
        catch (ObjectDisposedException)
        {
            // Nobody can wait for the permit of a semaphore that has ended, and disposing must not throw.
        }
    }

    /// <summary>One permit of a <see cref="SharedSemaphore"/>.</summary>
    public sealed class Holder : IDisposable
    {
        private SharedSemaphore? _held;

        internal Holder(SharedSemaphore held) => _held = held;

        /// <summary>Gives the permit back; the second and later calls do nothing. May be called by any thread.</summary>
        public void Dispose() => Interlocked.Exchange(ref _held, null)?.GiveBack();
    }

    internal sealed class Copier : SharedObjectCopier<SharedSemaphore>
    {
        public override string HandleOf(SharedSemaphore shared) => shared.LiveHandle;

        public override SharedSemaphore Attach(string handle) => SharedSemaphore.Attach(handle);
    }
}
