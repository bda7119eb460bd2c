using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>The end of items, to be delivered to their sink after the dispatcher's lock is released.</summary>
internal readonly struct Completion
{
    private readonly Work _work;
    private readonly int _firstItem;
    private readonly int _count;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Exception? _error;
    private readonly WorkUnit? _unit;
    private readonly RecordKind _kind;

    private Completion(Work work, int firstItem, int count, ReadOnlyMemory<byte> body, Exception? error, WorkUnit? unit = null, RecordKind kind = RecordKind.Values)
    {
        _unit = unit;
        _kind = kind;
        _work = work;
        _firstItem = firstItem;
        _count = count;
        _body = body;
        _error = error;
    }

    public static Completion Values(Work work, int firstItem, int count, ReadOnlyMemory<byte> body) => new(work, firstItem, count, body, null);

    /// <summary>The failure of an item that had begun.</summary>
    /// <param name="work">The work of the item.</param>
    /// <param name="item">Its number.</param>
    /// <param name="error">The failure.</param>
    /// <param name="isRecorded">Whether its bytes are needed, as those of items of a map are. The work drops them soon, or their block is reused.</param>
    public static Completion Failure(Work work, int item, Exception error, bool isRecorded) => new(work, item, 1, default, error, UnitOf(work, isRecorded));

    /// <summary>The failure of an item whose function threw. <see cref="Read"/> reads the exception.</summary>
    /// <param name="work">The work of the item.</param>
    /// <param name="record">The record of its runner.</param>
    /// <param name="isRecorded">As for a failure.</param>
    public static Completion Fault(Work work, ResultRecord record, bool isRecorded) => new(work, record.FirstItem, 1, record.Body, null, UnitOf(work, isRecorded), record.Kind);

    /// <summary>The end of an item that did not begin.</summary>
    public static Completion NotRun(Work work, int item, Exception error) => new(work, item, 1, default, error);

    /// <summary>The work of the items.</summary>
    public Work Work => _work;

    /// <summary>Whether the function threw an exception that has not been read.</summary>
    public bool IsUnread => _kind != RecordKind.Values;

    /// <summary>The failure of the items; null: they returned, or the exception has not been read.</summary>
    public Exception? Error => _error;

    /// <summary>Reads the exception if the function threw. This may run code of the application, which may take long, so the dispatcher's lock is not held.</summary>
    public Completion Read() => new Completion(_work, _firstItem, 1, default, Failures.Of(_work, _kind, _body), _unit);

    /// <summary>Passes the completion to the observer, if it is a failure, and then to the sink.</summary>
    /// <param name="delivered">Called later with the number of completions, if the sink gets this one later.</param>
    /// <param name="observer">Receives failures; null: none.</param>
    /// <returns>Whether the sink has got the completion on return.</returns>
    public bool Deliver(Action<int> delivered, IWorkObserver? observer)
    {
        if (_unit is { } unit)
        {
            observer?.OnFailure(unit, _work, _firstItem, _error!);
        }

        if (_work.Live is { HasProgress: true } live)
        {
            CompleteAfterReports(live, delivered);
            return false;
        }

        CompleteNow();
        return true;
    }

    private static WorkUnit? UnitOf(Work work, bool isRecorded) => !isRecorded && !work.IsOfMap ? null
        : SharedBuffer.IsIn(work.Unit.Body, out _) ? work.Unit with { Body = work.Unit.Body.ToArray() } : work.Unit;

    // The body belongs to its message, and must be copied.
    private void CompleteAfterReports(LiveExports live, Action<int> delivered)
    {
        var kept = new Completion(_work, _firstItem, _count, _body.ToArray(), _error);
        live.Post(() =>
        {
            kept.CompleteNow();
            delivered(1);
        });
    }

    private void CompleteNow()
    {
        if (_error is null)
        {
            _work.Sink.OnValues(_work, _firstItem, _count, _body);
        }
        else
        {
            _work.Sink.OnFailure(_work, _firstItem, _error);
        }
    }
}
