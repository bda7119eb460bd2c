using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// A meeting point: a fixed number of threads and tasks of any processes wait there until all have arrived, then all go on and the next round begins.
/// It crosses to a worker live. The counterpart of Python's <c>multiprocessing.Barrier</c>.
/// </summary>
/// <remarks>
/// <para>
/// The place of a waiter that is cancelled, or whose process ends, is withdrawn: the round then waits for another to take it. When that many workers are
/// not left, wait with a token.
/// </para>
/// <para>
/// It lives until the process that created it disposes it or exits; whoever then waits for it anywhere gets <see cref="ObjectDisposedException"/>.
/// Disposing it in another process only detaches that process. All members are safe to call from any number of threads.
/// </para>
/// </remarks>
[SharedObject(typeof(SharedBarrier.Copier))]
public sealed class SharedBarrier : IDisposable
{
    private readonly SharedBlock _block;
    private readonly BarrierPlaces _places;

    /// <summary>Creates a barrier.</summary>
    /// <param name="participants">How many meet: one or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="participants"/> is less than one.</exception>
    public SharedBarrier(int participants)
        : this(CreateBlock(participants), participants)
    {
        SharedObjects.Add(_block.Handle, this, _block);
    }

    private SharedBarrier(SharedBlock block, int? participants = null)
    {
        _block = block;
        _places = new BarrierPlaces(block, participants);
    }

    /// <summary>How many meet.</summary>
    /// <exception cref="ObjectDisposedException">The barrier was disposed here or by its creator.</exception>
    public int Participants
    {
        get
        {
            _block.ThrowIfEnded();
            return _places.Participants;
        }
    }

    private string LiveHandle
    {
        get
        {
            _block.ThrowIfEnded();
            return _block.Handle;
        }
    }

    private static SharedBarrier Attach(string handle) =>
        SharedObjects.GetOrAttach(handle, static handle => new SharedBarrier(SharedBlock.Attach(handle, BarrierPlaces.SizeFor(1), SharedKind.Barrier)));

    /// <summary>Arrives, and waits until all have arrived.</summary>
    /// <param name="cancellationToken">Ends the wait and withdraws the place, unless all have arrived by then.</param>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The barrier was disposed here or by its creator, or the creator has exited.</exception>
    public async Task SignalAndWaitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _block.ThrowIfEnded();
        var arrival = _places.Arrive();
        try
        {
            await _places.Waiters.WaitAsync(_places.WaitFor(arrival), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_places.TryWithdraw(arrival))
        {
            // The last one arrived in the same moment, and went on counting on this place: so this one goes on too.
        }
    }

    /// <summary>Arrives, and blocks the calling thread until all have arrived.</summary>
    /// <inheritdoc cref="SignalAndWaitAsync"/>
    public void SignalAndWait(CancellationToken cancellationToken = default) => SignalAndWait(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Arrives, and blocks the calling thread until all have arrived or the time is up.</summary>
    /// <param name="timeout">How long to wait: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait and withdraws the place, unless all have arrived by then.</param>
    /// <returns>True when all have arrived; false when the time was up and the place was withdrawn.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The barrier was disposed here or by its creator, or the creator has exited.</exception>
    public bool SignalAndWait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Waiters.ThrowIfNegative(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        _block.ThrowIfEnded();
        var arrival = _places.Arrive();
        try
        {
            return _places.Waiters.Wait(_places.WaitFor(arrival), timeout, cancellationToken, out _) || !_places.TryWithdraw(arrival);
        }
        catch (OperationCanceledException) when (!_places.TryWithdraw(arrival))
        {
            return true; // as in SignalAndWaitAsync
        }
    }

    /// <summary>Ends the barrier if this process created it, otherwise detaches from it.</summary>
    public void Dispose()
    {
        if (_block.End())
        {
            SharedObjects.Remove(_block.Handle, this);
        }
    }

    private static SharedBlock CreateBlock(int participants)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 1);
        return SharedBlock.Create(SharedKind.Barrier, BarrierPlaces.SizeFor(participants));
    }

    internal sealed class Copier : SharedObjectCopier<SharedBarrier>
    {
        public override string HandleOf(SharedBarrier shared) => shared.LiveHandle;

        public override SharedBarrier Attach(string handle) => SharedBarrier.Attach(handle);
    }
}
