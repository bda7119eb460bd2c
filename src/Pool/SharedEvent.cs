using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// A flag that threads and tasks of several processes wait for, and that stays set until it is reset. It crosses to a worker live.
/// The counterpart of Python's <c>multiprocessing.Event</c>.
/// </summary>
/// <remarks>
/// It lives until the process that created it disposes it or exits; whoever then waits for it anywhere gets <see cref="ObjectDisposedException"/>.
/// Disposing it in another process only detaches that process. All members are safe to call from any number of threads.
/// </remarks>
[SharedObject(typeof(SharedEvent.Copier))]
public sealed class SharedEvent : IDisposable
{
    private readonly SharedBlock _block;
    private readonly EventFlag _flag;

    /// <summary>Creates an event.</summary>
    /// <param name="isSet">Whether it is set from the beginning.</param>
    public SharedEvent(bool isSet = false)
        : this(SharedBlock.Create(SharedKind.Event, EventFlag.Size))
    {
        if (isSet)
        {
            _flag.Set();
        }

        SharedObjects.Add(_block.Handle, this, _block);
    }

    private SharedEvent(SharedBlock block)
    {
        _block = block;
        _flag = new EventFlag(block, 0);
    }

    /// <summary>Whether the event is set.</summary>
    /// <exception cref="ObjectDisposedException">The event was disposed here or by its creator.</exception>
    public bool IsSet
    {
        get
        {
            _block.ThrowIfEnded();
            return _flag.IsSet;
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

    private static SharedEvent Attach(string handle) =>
        SharedObjects.GetOrAttach(handle, static handle => new SharedEvent(SharedBlock.Attach(handle, EventFlag.Size, SharedKind.Event)));

    /// <summary>Sets the event. Everybody who waits at this moment goes on, even if it is reset immediately afterwards.</summary>
    /// <exception cref="ObjectDisposedException">The event was disposed here or by its creator.</exception>
    public void Set()
    {
        _block.ThrowIfEnded();
        _flag.Set();
    }

    /// <summary>Resets the event, so that later waits wait.</summary>
    /// <exception cref="ObjectDisposedException">The event was disposed here or by its creator.</exception>
    public void Reset()
    {
        _block.ThrowIfEnded();
        _flag.Reset();
    }

    /// <summary>Waits until the event is set.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The event was disposed here or by its creator, or the creator has exited.</exception>
    public Task WaitAsync(CancellationToken cancellationToken = default) => _flag.Waiters.WaitAsync(_flag.BeginWait(), cancellationToken).AsTask();

    /// <summary>Blocks the calling thread until the event is set.</summary>
    /// <inheritdoc cref="WaitAsync"/>
    public void Wait(CancellationToken cancellationToken = default) => Wait(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Blocks the calling thread until the event is set or the time is up.</summary>
    /// <param name="timeout">How long to wait: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the event was set; false when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The event was disposed here or by its creator, or the creator has exited.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Waiters.ThrowIfNegative(timeout);
        return _flag.Waiters.Wait(_flag.BeginWait(), timeout, cancellationToken, out _);
    }

    /// <summary>Ends the event if this process created it, otherwise detaches from it.</summary>
    public void Dispose()
    {
        if (_block.End())
        {
            SharedObjects.Remove(_block.Handle, this);
        }
    }

    internal sealed class Copier : SharedObjectCopier<SharedEvent>
    {
        public override string HandleOf(SharedEvent shared) => shared.LiveHandle;

        public override SharedEvent Attach(string handle) => SharedEvent.Attach(handle);
    }
}
