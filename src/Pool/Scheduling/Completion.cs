using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>How items ended, to be told to their sink once the dispatcher's lock is released.</summary>
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

    /// <summary>An item that began, and failed.</summary>
    /// <param name="work">What it is part of.</param>
    /// <param name="item">Its number.</param>
    /// <param name="error">How.</param>
    /// <param name="isRecorded">Whether its bytes are needed, as those of a map's items are: soon the work forgets them, or their block is used again.</param>
    public static Completion Failure(Work work, int item, Exception error, bool isRecorded) => new(work, item, 1, default, error, UnitOf(work, isRecorded));

    /// <summary>An item whose function threw: what, is read by <see cref="Read"/>.</summary>
    /// <param name="work">What it is part of.</param>
    /// <param name="record">What its runner said.</param>
    /// <param name="isRecorded">As for a failure.</param>
    public static Completion Fault(Work work, ResultRecord record, bool isRecorded) => new(work, record.FirstItem, 1, record.Body, null, UnitOf(work, isRecorded), record.Kind);

    /// <summary>An item that will not begin.</summary>
    public static Completion NotRun(Work work, int item, Exception error) => new(work, item, 1, default, error);

    /// <summary>What the item is part of.</summary>
    public Work Work => _work;

    /// <summary>The function threw, and what it threw has not been read.</summary>
    public bool IsUnread => _kind != RecordKind.Values;

    /// <summary>How the items failed; null: they returned, or it has not been read.</summary>
    public Exception? Error => _error;

    /// <summary>
    /// Reads the exception, if the function threw: that may run code of the application, which may take its time. So it is done outside of the dispatcher's lock.
    /// </summary>
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
        : AreaBlock.IsIn(work.Unit.Body, out _) ? work.Unit with { Body = work.Unit.Body.ToArray() } : work.Unit;

    // The body belongs to the message it came in, and must be kept.
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
