using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// A first-in first-out queue between processes, for any number of producers and consumers. It crosses to a worker live.
/// The counterpart of Python's <c>multiprocessing.Queue</c>.
/// </summary>
/// <remarks>
/// <para>
/// Items are copied in and out, as arguments and results are; an item that cannot be copied is refused when it is enqueued, and so is one that would cross live
/// other than a <c>Shared*</c> object (a token that can be cancelled, an <see cref="IProgress{T}"/>).
/// Unlike Python's queue it has no feeder thread: an item is in the queue when enqueuing returns, and survives its producer. A process that is killed
/// while it dequeues loses nothing as long as the item was not fully taken out; one killed while it enqueues has enqueued it wholly or not at all.
/// </para>
/// <para>
/// The items live in memory that grows as needed, in the process that created the queue, and is given back as they are taken.
/// It lives until that process disposes it or exits; whoever then waits for it anywhere gets <see cref="ObjectDisposedException"/>.
/// Disposing it in another process only detaches that process.
/// </para>
/// <para>
/// Once it has been passed to the workers of a pool, this process takes no item out that takes more than <see cref="ProcessPoolOptions.MaxResultBytes"/>, the
/// smallest where there are several pools: whoever put it in may have been a worker. Such an item ends in <see cref="NotSerializableException"/> and is lost; what
/// follows is not. All members are safe to call from any number of threads.
/// </para>
/// </remarks>
/// <typeparam name="T">What it carries: anything that may be an argument.</typeparam>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a queue.")]
[SharedObject(typeof(SharedQueue<>.Copier))]
public sealed class SharedQueue<T> : IDisposable
{
    private readonly ItemQueue _queue;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="capacity">The most items it holds, one or more; while it holds them, enqueuing waits. Null, the default, means no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than one.</exception>
    public SharedQueue(int? capacity = null)
        : this(CreateQueue(capacity)) => SharedObjects.Add(_queue.Handle, this, _queue.Block);

    private SharedQueue(ItemQueue queue)
    {
        _queue = queue;
        queue.Block.Name = $"SharedQueue<{typeof(T).Name}>";
    }

    /// <summary>The number of items at this moment.</summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator.</exception>
    public int Count => _queue.State.Count;

    private string LiveHandle
    {
        get
        {
            _queue.Block.ThrowIfEnded();
            return _queue.Handle;
        }
    }

    private static SharedQueue<T> Attach(string handle) =>
        SharedObjects.GetOrAttach(handle, static handle => new SharedQueue<T>(ItemQueue.Attach(handle, typeof(T))));

    /// <summary>Puts an item at the end, waiting for room if the queue has a capacity.</summary>
    /// <param name="item">The item. A copy is made at once: changing it afterwards has no effect.</param>
    /// <param name="cancellationToken">Ends the wait; the item is then not in the queue.</param>
    /// <exception cref="NotSerializableException">Something in the item cannot be copied; or this is a worker, and it takes more than <see cref="ProcessPoolOptions.MaxResultBytes"/>.</exception>
    /// <exception cref="InvalidOperationException">The queue was completed, perhaps during the wait.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator, or the creator has exited.</exception>
    public ValueTask EnqueueAsync(T item, CancellationToken cancellationToken = default)
    {
        var enqueuing = _queue.Space.WaitAsync(_queue.Enqueue(ItemCodec.Encode(item, _queue)), cancellationToken);
        return enqueuing.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(enqueuing.AsTask());
    }

    /// <summary>Puts an item at the end, blocking the calling thread until there is room if the queue has a capacity.</summary>
    /// <inheritdoc cref="EnqueueAsync"/>
    public void Enqueue(T item, CancellationToken cancellationToken = default) =>
        _queue.Space.Wait(_queue.Enqueue(ItemCodec.Encode(item, _queue)), Timeout.InfiniteTimeSpan, cancellationToken, out _);

    /// <summary>Takes the first item out, waiting for one if there is none.</summary>
    /// <param name="cancellationToken">Ends the wait; no item is then taken.</param>
    /// <exception cref="NotSerializableException">The item was taken out, and holds what is not accepted of a worker, or takes more than <see cref="ProcessPoolOptions.MaxResultBytes"/>.</exception>
    /// <exception cref="ProcessPoolException">The item was taken out but cannot be rebuilt in this process.</exception>
    /// <exception cref="InvalidOperationException">The queue was completed and is empty, perhaps since the wait began.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled first.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator, or the creator has exited.</exception>
    public async ValueTask<T> DequeueAsync(CancellationToken cancellationToken = default) =>
        Decode(await _queue.Items.WaitAsync(_queue.DequeueOrEnd, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes the first item out, blocking the calling thread until there is one.</summary>
    /// <inheritdoc cref="DequeueAsync"/>
    public T Dequeue(CancellationToken cancellationToken = default)
    {
        _queue.Items.Wait(_queue.DequeueOrEnd, Timeout.InfiniteTimeSpan, cancellationToken, out var bytes);
        return Decode(bytes);
    }

    /// <summary>Takes the first item out if there is one now.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether there was one; false also when the queue was completed and is empty.</returns>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator.</exception>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        var isTaken = _queue.Items.Wait(_queue.DequeueOrEnd, TimeSpan.Zero, CancellationToken.None, out var bytes) && bytes is not null;
        item = isTaken ? ItemCodec.Decode<T>(bytes, _queue) : default;
        return isTaken;
    }

    /// <summary>Takes items out as they come, until the queue was completed and is empty.</summary>
    /// <param name="cancellationToken">Ends the wait for the next item.</param>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator, or the creator has exited.</exception>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _queue.Items.WaitAsync(_queue.DequeueOrEnd, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            yield return ItemCodec.Decode<T>(bytes, _queue);
        }
    }

    /// <summary>Says that nothing more will be enqueued, by anyone. What is in the queue can still be taken out. Repeating it does nothing.</summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed here or by its creator.</exception>
    public void Complete() => _queue.Complete();

    /// <summary>Ends the queue if this process created it, otherwise detaches from it. Items in an ended queue are lost.</summary>
    public void Dispose()
    {
        if (_queue.End())
        {
            SharedObjects.Remove(_queue.Handle, this);
        }
    }

    private T Decode(byte[]? item) => ItemCodec.Decode<T>(
        item ?? throw new InvalidOperationException("The SharedQueue was completed and all its items have been taken: there is nothing more to dequeue."), _queue);

    private static ItemQueue CreateQueue(int? capacity)
    {
        if (capacity is { } items)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(items, 1, nameof(capacity));
        }

        return ItemQueue.Create(capacity, typeof(T));
    }

    internal sealed class Copier : SharedObjectCopier<SharedQueue<T>>
    {
        public override string HandleOf(SharedQueue<T> shared) => shared.LiveHandle;

        public override SharedQueue<T> Attach(string handle) => SharedQueue<T>.Attach(handle);

        public override IItemLimits LimitsOf(SharedQueue<T> shared) => shared._queue;
    }
}
