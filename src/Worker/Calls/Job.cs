using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>
/// A unit of work in this worker, with the local tokens that represent the host's. Thread-safe: cancellations arrive on
/// the link's thread.
/// </summary>
/// <param name="unit">The unit to run.</param>
/// <param name="gate">The lock, which all jobs of a worker share.</param>
/// <param name="page">
/// The status page, which records that a function got its token: only such a function gets a grace period.
/// </param>
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

    /// <summary>The token of the running item. Reading it hands it to the function.</summary>
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

    /// <summary>Whether the unit has ended. Late reports are dropped.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>
    /// The local token that represents the host's token <paramref name="id"/>, which is greater than 0.
    /// </summary>
    public CancellationToken Token(int id)
    {
        using (gate.Enter())
        {
            return Source(id).Token;
        }
    }

    /// <summary>Begins an item.</summary>
    /// <returns>
    /// False if the rest of the unit was recalled or cancelled: <paramref name="item"/> and the items after it must not
    /// begin.
    /// </returns>
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

    /// <summary>
    /// Signals a token. Token 0 is the call's own; it is signalled only while <paramref name="item"/> runs (-1:
    /// whichever runs).
    /// </summary>
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

                // The source is signalled a little later, when the next item may be running, so it is not reused.
                _isOwnSpent = true;
            }
            else
            {
                source = Source(token);
            }
        }

        // User code may be registered on the token, and may block. So the link's thread does not signal it; nor does
        // the thread pool, which user code may have starved.
        new Thread(() => CancelAndReport(source)) { Name = "mp-cancel", IsBackground = true }.Start();
    }

    /// <summary>Receives the result of the initializer, for which the host waits; null for ordinary work.</summary>
    public Action<ReadOnlyMemory<byte>>? Initialized { get; init; }

    /// <summary>Returns the items that have not begun to the host, if any are left.</summary>
    public void Recall(Outbox outbox)
    {
        using (gate.Enter())
        {
            var first = _hasBegun ? _item + 1 : _item;
            if (first < _end)
            {
                // The order matters, and the lock keeps the main thread out: if the worker dies right now, the record
                // already says which items it skips. Otherwise the host would assume that they ran.
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
            // A callback of user code threw. The cancellation itself has happened, and the worker must survive it.
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
