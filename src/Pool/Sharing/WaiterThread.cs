namespace MultiProc.Sharing;

/// <summary>
/// The thread that serves all asynchronous waits of this process on one wait word. It runs while there are any, and a
/// second longer.
/// </summary>
internal sealed class WaiterThread(SharedBlock block, WaitWord word, bool inTurn)
{
    private const int StackSize = 256 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly LinkedList<AsyncWaiter> _pending = [];
    private bool _isRunning;
    private int _added;
    private bool _isAnyCanceled;

    /// <summary>Adds a wait whose condition did not hold a moment ago.</summary>
    public Task<TResult> Add<TResult>(AsyncWaiter<TResult> waiter)
    {
        waiter.Register(OnCanceled);
        lock (_pending)
        {
            _pending.AddLast(waiter);
            _added++;
            if (_isRunning)
            {
                Monitor.Pulse(_pending);
            }
            else
            {
                _isRunning = true;
                new Thread(Serve, StackSize) { IsBackground = true, Name = "MultiProc shared waits" }.UnsafeStart();
            }
        }

        if (waiter.IsCanceled)
        {
            OnCanceled(); // the thread may have checked between registration and addition
        }

        return waiter.Task;
    }

    private void OnCanceled()
    {
        Volatile.Write(ref _isAnyCanceled, true);
        word.WakeAll();
    }

    private void Serve()
    {
        var backoff = PollBackoff.Start();
        var yieldsToStarving = inTurn && word.IsStarving;
        while (true)
        {
            int added;
            lock (_pending)
            {
                while (_pending.Count == 0)
                {
                    if (!Monitor.Wait(_pending, Linger) && _pending.Count == 0)
                    {
                        _isRunning = false;
                        return;
                    }

                    backoff = PollBackoff.Start();
                    yieldsToStarving = inTurn && word.IsStarving;
                }

                added = _added;
            }

            var sequence = word.Prepare();
            var isOverdue = backoff.IsOverdue();
            ServePending(isOverdue, yieldsToStarving);
            yieldsToStarving = false;
            lock (_pending)
            {
                // Waiters that came meanwhile have not been tried since the mark was set.
                if (_pending.Count == 0 || _added != added)
                {
                    continue;
                }
            }

            word.IsStarving |= isOverdue && inTurn;
            word.Sleep(sequence, backoff.Remaining);
        }
    }

    private void ServePending(bool isOverdue, bool yieldsToStarving)
    {
        var fate = EndOfObject(isOverdue);
        var isAnyCanceled = Interlocked.Exchange(ref _isAnyCanceled, false);
        var mayTry = !yieldsToStarving;
        for (var node = First(); node is not null && (mayTry || isAnyCanceled || fate is not null);)
        {
            var isOver = true;
            if (fate is not null)
            {
                node.Value.Fail(fate);
            }
            else if (mayTry)
            {
                isOver = node.Value.TryEnd(isOverdue);
                mayTry = isOver || !inTurn;
                if (isOver)
                {
                    word.Relieve();
                }
            }
            else
            {
                isOver = node.Value.TryEndCanceled();
            }

            node = Next(node, isOver);
        }
    }

    private Exception? EndOfObject(bool isOverdue)
    {
        try
        {
            if (isOverdue)
            {
                block.ThrowIfAbandoned();
            }

            block.ThrowIfEnded();
            return null;
        }
        catch (Exception e) when (e is ObjectDisposedException or ProcessPoolException)
        {
            return e;
        }
    }

    private LinkedListNode<AsyncWaiter>? First()
    {
        lock (_pending)
        {
            return _pending.First;
        }
    }

    private LinkedListNode<AsyncWaiter>? Next(LinkedListNode<AsyncWaiter> node, bool remove)
    {
        lock (_pending)
        {
            var next = node.Next;
            if (remove)
            {
                _pending.Remove(node);
            }

            return next;
        }
    }
}
