using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>A unit of work in this worker, with the tokens that stand for the host's. Thread-safe: cancellations come in on the link's thread.</summary>
/// <param name="unit">What is to run.</param>
/// <param name="gate">Guards it. All jobs of a worker share one.</param>
/// <param name="page">Where it is noted that a function was handed its token: only such a function gets a grace period.</param>
internal sealed class Job(WorkUnit unit, AsymmetricLock gate, StatusPage page)
{
    private Dictionary<int, CancellationTokenSource>? _tokens;
    private CancellationTokenSource? _own;
    private bool _isOwnSpent;
    private int _item = unit.FirstItem;
    private int _end = unit.FirstItem + unit.Count;
    private bool _hasBegun;
    private bool _ended;

    public WorkUnit Unit => unit;

    /// <summary>The token of the item that is running. Reading it hands it to the function.</summary>
    public CancellationToken OwnToken
    {
        get
        {
            using (gate.Enter())
            {
                page.NoteToken(unit.Id, _item);
                _own ??= new CancellationTokenSource();
                return _own.Token;
            }
        }
    }

    /// <summary>Whether the unit is over: late reports are dropped.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>The token that stands for the host's token <paramref name="id"/>, which is above 0.</summary>
    public CancellationToken Token(int id)
    {
        using (gate.Enter())
        {
            return Source(id).Token;
        }
    }

    /// <summary>Moves on to an item.</summary>
    /// <returns>False when the rest of the unit was recalled or cancelled: <paramref name="item"/> and what follows must not begin.</returns>
    public bool TryBegin(int item)
    {
        using (gate.Enter())
        {
            if (item >= _end)
            {
                return false;
            }

            _item = item;
            _hasBegun = true;
            if (_isOwnSpent)
            {
                (_own, _isOwnSpent) = (null, false);
            }

            return true;
        }
    }

    /// <summary>Signals a token: 0 is the call's own, which is signalled only while <paramref name="item"/> runs (-1: whichever runs).</summary>
    public void Cancel(int item, int token)
    {
        CancellationTokenSource source;
        using (gate.Enter())
        {
            if (token == 0)
            {
                if (item >= 0 && item != _item)
                {
                    return;
                }

                source = _own ??= new CancellationTokenSource();

                // It is signalled a little later: then the next item may be running.
                _isOwnSpent = true;
            }
            else
            {
                source = Source(token);
            }
        }

        // User code may be registered on the token, and may block: not on the link's thread. Nor on the thread pool, which it may have starved.
        new Thread(() => CancelAndReport(source)) { Name = "mp-cancel", IsBackground = true }.Start();
    }

    /// <summary>Told the result of the initializer, for which the host waits; null for ordinary work.</summary>
    public Action<ReadOnlyMemory<byte>>? Initialized { get; init; }

    /// <summary>What has not begun is not to begin, and goes back to the host; nothing, if it was recalled before.</summary>
    public void Recall(Outbox outbox)
    {
        using (gate.Enter())
        {
            var first = _hasBegun ? _item + 1 : _item;
            if (first < _end)
            {
                // In this order, and before the main thread may look: a worker that dies right now has told what it passes over. Else the host would take it for run.
                outbox.AddReturned(unit.Id, first, _end - first);
                _end = first;
            }
        }
    }

    public void End() => Volatile.Write(ref _ended, true);

    private static void CancelAndReport(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception exception)
        {
            // A callback that user code registered threw. The cancellation itself has happened; the worker must not die of it.
            Console.Error.WriteLine(exception);
        }
    }

    private CancellationTokenSource Source(int id)
    {
        _tokens ??= [];
        if (!_tokens.TryGetValue(id, out var source))
        {
            source = new CancellationTokenSource();
            _tokens.Add(id, source);
        }

        return source;
    }
}
