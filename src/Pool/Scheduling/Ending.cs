using MultiProc.Calls;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Records;
using MultiProc.Sequences;

namespace MultiProc.Scheduling;

/// <summary>How items ended, to be told to their sink once the dispatcher's lock is released.</summary>
internal readonly struct Ending
{
    private readonly Work _work;
    private readonly int _firstItem;
    private readonly int _count;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Exception? _error;
    private readonly WorkUnit? _unit;

    private Ending(Work work, int firstItem, int count, ReadOnlyMemory<byte> body, Exception? error, WorkUnit? unit = null)
    {
        _unit = unit;
        _work = work;
        _firstItem = firstItem;
        _count = count;
        _body = body;
        _error = error;
    }

    public static Ending Values(Work work, int firstItem, int count, ReadOnlyMemory<byte> body) => new(work, firstItem, count, body, null);

    /// <summary>An item that began, and failed.</summary>
    /// <param name="work">What it is part of.</param>
    /// <param name="item">Its number.</param>
    /// <param name="error">How.</param>
    /// <param name="isRecorded">Whether its bytes are needed, as those of a map's items are: soon the work forgets them, or their block is used again.</param>
    public static Ending Failure(Work work, int item, Exception error, bool isRecorded) => new(
        work, item, 1, default, error, !isRecorded && !work.IsOfMap ? null : AreaBlock.IsIn(work.Unit.Body, out _) ? work.Unit with { Body = work.Unit.Body.ToArray() } : work.Unit);

    /// <summary>An item that will not begin.</summary>
    public static Ending NotRun(Work work, int item, Exception error) => new(work, item, 1, default, error);

    public bool IsFailure => _error is not null;

    /// <summary>How the items failed; null: they returned.</summary>
    public Exception? Error => _error;

    /// <summary>Tells the sink; of a failure, first the recorder.</summary>
    /// <param name="told">Called afterwards if the sink is told later.</param>
    /// <param name="recorder">Keeps calls that failed; null: nothing does.</param>
    /// <returns>Whether the sink has been told on return.</returns>
    public bool Tell(Action<int> told, CallRecorder? recorder)
    {
        if (_unit is { } unit)
        {
            if (_work.IsOfMap)
            {
                FailedItem.Note(_error!, _work, unit, _firstItem);
            }

            recorder?.Record(unit, _work, _firstItem, _error!);
        }

        if (_work.Live is { HasProgress: true } live)
        {
            TellBehindReports(live, told);
            return false;
        }

        TellNow();
        return true;
    }

    // The body belongs to the message it came in, and must be kept.
    private void TellBehindReports(LiveExports live, Action<int> told)
    {
        var kept = new Ending(_work, _firstItem, _count, _body.ToArray(), _error);
        live.Post(() =>
        {
            kept.TellNow();
            told(1);
        });
    }

    private void TellNow()
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
