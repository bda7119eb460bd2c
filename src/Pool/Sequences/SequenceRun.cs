using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>
/// A map in progress. One loop, driven by the consumer, reads the source, forms chunks, dispatches them and yields their
/// items. So the map never runs further ahead of the consumer than its buffer allows, and leaving the loop ends everything.
/// </summary>
/// <remarks>
/// <code>
/// source -> Chunker -> Dispatcher -> workers -> ChunkSink -> finished items -> consumer
///    ^                                                                         |
///    +--------------- the consumer's next request drives the loop -------------+
/// </code>
/// </remarks>
/// <param name="dispatcher">The dispatcher that runs the chunks.</param>
/// <param name="function">The encoded function.</param>
/// <param name="live">The live objects of the map.</param>
/// <param name="policy">The policy of each item.</param>
/// <param name="plan">The sizes and the order of the map.</param>
/// <param name="buffers">The shared memory for a large item that travels alone; null: none.</param>
internal sealed class SequenceRun<TArguments, TResult>(
    Dispatcher dispatcher, ReadOnlyMemory<byte> function, LiveExports live, CallPolicy policy, SequencePlan plan, SharedBufferPool? buffers = null)
    where TArguments : struct
{
    private const long MaxReserved = 1 << 20;

    private static readonly TimeSpan SourceTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Channel<(Chunk? Chunk, FinishedItems<TResult> Items)> _finished =
        Channel.CreateUnbounded<(Chunk? Chunk, FinishedItems<TResult> Items)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Chunker _chunker = new(plan.ChunkSize, plan.Workers, plan.Total, plan.MostPerChunk, plan.ItemTime);
    private readonly HashSet<Chunk> _chunks = [];
    private readonly Dictionary<long, FinishedItems<TResult>> _early = [];
    private int _bytesPerItem;
    private bool _hasRefusal;
    private long _read;
    private long _ended;
    private long _yielded;

    /// <summary>Yields runs of finished items, in order or as they finish.</summary>
    public async IAsyncEnumerable<FinishedItems<TResult>> EnumerateAsync(
        IAsyncEnumerable<TArguments> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        dispatcher.BeginSequence();
        using var sequence = new EndOfSequence(dispatcher);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enumerator = source.GetAsyncEnumerator(leaving.Token);
        var next = default(Task<bool>);
        var sourceError = default(Exception);
        var isAtEnd = false;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (!isAtEnd && MayRead && !_hasRefusal)
                {
                    (next, isAtEnd, sourceError) = Feed(enumerator, next);
                    if (next is not null)
                    {
                        break;
                    }
                }

                if (TryTake(out var finished))
                {
                    yield return finished;
                    continue;
                }

                if (isAtEnd && _ended == _read)
                {
                    break;
                }

                if (_ended == _read && dispatcher.FaultCause is { } cause)
                {
                    // Nothing will run any further element of the source.
                    throw cause;
                }

                await WaitAsync(isAtEnd || !MayRead ? null : next, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var chunk in _chunks)
            {
                dispatcher.Abandon(chunk.Work);
            }

            if (next is { IsCompleted: false })
            {
                await leaving.CancelAsync().ConfigureAwait(false);
            }

            // It is disposed on return, unless the source does not listen to its token.
            var closed = CloseAsync(enumerator, next);
            if (await Task.WhenAny(closed, Task.Delay(SourceTimeout, CancellationToken.None)).ConfigureAwait(false) == closed)
            {
                await closed.ConfigureAwait(false);
            }
            else
            {
                // The source is disposed once it has answered. A failure of that is ignored, because no caller is
                // left to receive it.
                _ = closed.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }

        if (sourceError is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(sourceError);
        }
    }

    // A source that was asked for an element may only be disposed when it has answered.
    private static async Task CloseAsync(IAsyncEnumerator<TArguments> source, Task<bool>? pending)
    {
        if (pending is not null)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await source.DisposeAsync().ConfigureAwait(false);
    }

    private bool MayRead => _read - _yielded < plan.MaxBuffered && _chunks.Count < _chunker.MaxChunks;

    /// <summary>
    /// Reads as much of the source as makes one chunk, and hands it over. Never waits for the source.
    /// </summary>
    /// <returns>The source's answer that is still to come, if it does not have the next element at hand; and whether it has ended, or how.</returns>
    private (Task<bool>? Pending, bool IsAtEnd, Exception? Error) Feed(IAsyncEnumerator<TArguments> source, Task<bool>? pending)
    {
        var size = (int)Math.Min(_chunker.Next(_read), plan.MaxBuffered - (_read - _yielded));
        var items = new ByteBuffer { Pool = size == 1 ? buffers : null };
        var written = 0;
        var count = 0;
        var isAtEnd = false;
        Exception? error = null;
        NotSerializableException? refusal = null;
        var atHand = source as ISourceAtHand<TArguments>;
        if (atHand is not null)
        {
            // The count is known, so the buffer is sized once.
            items.GetSpan((int)Math.Min(MaxReserved, (long)size * _bytesPerItem));
        }

        try
        {
            while (count < size && refusal is null)
            {
                TArguments arguments;
                if (atHand is not null)
                {
                    isAtEnd = !atHand.TryNext(out arguments);
                }
                else
                {
                    var answer = pending is null ? source.MoveNextAsync() : new ValueTask<bool>(pending);
                    if (!answer.IsCompleted)
                    {
                        pending ??= answer.AsTask();
                        break;
                    }

                    pending = null;
                    isAtEnd = !answer.GetAwaiter().GetResult();
                    arguments = isAtEnd ? default : source.Current;
                }

                if (isAtEnd)
                {
                    break;
                }

                refusal = Write(items, arguments);
                if (refusal is null)
                {
                    written = items.WrittenCount;
                    count++;
                }
            }
        }
        catch (Exception exception)
        {
            // The elements before the failure still run. Then the failure is thrown unchanged.
            (isAtEnd, error, pending) = (true, exception, null);
        }

        if (count > 0)
        {
            _bytesPerItem = (written + count - 1) / count;
            items.TryTakeBlock(out var chunk);
            Submit(chunk[..written], count);
        }
        else
        {
            items.Reset();
        }

        if (refusal is not null)
        {
            // The item fails at its position like an item whose function threw, and does not affect the others.
            _hasRefusal = _finished.Writer.TryWrite((null, new FinishedItems<TResult>(_read++, default, refusal)));
        }

        return (pending, isAtEnd, error);
    }

    /// <returns>The reason why the item cannot be serialized; null: it is written.</returns>
    private NotSerializableException? Write(ByteBuffer items, in TArguments arguments)
    {
        var begin = ItemBlock.BeginItem(items);
        try
        {
            BoundaryWriter.WriteArguments(items, arguments, live);
        }
        catch (BoundaryException refusal)
        {
            return RemoteFaults.NotSerializable(refusal);
        }

        ItemBlock.EndItem(items, begin);
        return null;
    }

    private void Submit(ReadOnlyMemory<byte> items, int count)
    {
        var id = dispatcher.NextId();
        var unit = new WorkUnit(id, 0, count, IsSequence: true, policy.IsTimed, function, items, CallTrace.ContextOf(span: null));
        var chunk = new Chunk(count);
        chunk.Work = new Work(
            unit, policy, new ChunkSink<TResult>(_finished.Writer, chunk, _read), live.IsEmpty ? null : live, isDivisible: plan.ChunkSize is null);
        _chunks.Add(chunk);
        _read += count;
        dispatcher.Submit(chunk.Work);
    }

    /// <summary>The next run that may be yielded, if there is one.</summary>
    private bool TryTake(out FinishedItems<TResult> finished)
    {
        // Rejected items are yielded before more of the source is read, because a rejected item may end the map.
        _hasRefusal = false;
        while (true)
        {
            if (plan.InOrder && _early.Remove(_yielded, out finished))
            {
                _yielded += CountOf(finished);
                return true;
            }

            if (!_finished.Reader.TryRead(out var next))
            {
                finished = default;
                return false;
            }

            (var chunk, finished) = next;
            var count = CountOf(finished);
            if (count == 0)
            {
                continue;
            }

            NoteEnd(chunk, count);
            if (!plan.InOrder)
            {
                _yielded += count;
                return true;
            }

            _early.Add(finished.FirstIndex, finished);
        }
    }

    /// <param name="chunk">The chunk of the items; null for a rejected item, which belongs to no chunk.</param>
    /// <param name="count">The number of items.</param>
    private void NoteEnd(Chunk? chunk, int count)
    {
        _ended += count;
        TellProgress();
        if (chunk is not null && (chunk.Left -= count) == 0)
        {
            _chunker.Measure(chunk.Work.ItemMilliseconds);
            _chunks.Remove(chunk);
        }
    }

    private void TellProgress()
    {
        try
        {
            plan.Progress?.Report(new MapProgress(_ended, plan.Total));
        }
        catch (Exception exception)
        {
            live.OnProgressFailed(exception);
        }
    }

    private async Task WaitAsync(Task<bool>? source, CancellationToken cancellationToken)
    {
        var result = _finished.Reader.WaitToReadAsync(cancellationToken).AsTask();
        await Task.WhenAny(result, source ?? result, dispatcher.Faulted).ConfigureAwait(false);
    }

    private static int CountOf(in FinishedItems<TResult> finished) => finished.Error is null ? finished.Values.Length : 1;

    private sealed class EndOfSequence(Dispatcher dispatcher) : IDisposable
    {
        public void Dispose() => dispatcher.EndSequence();
    }
}
