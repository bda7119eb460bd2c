using MultiProc.Diagnostics;
using MultiProc.Insights;
using MultiProc.Protocol.Messages;
using MultiProc.Records;
using MultiProc.Scheduling;
using MultiProc.Sequences;

namespace MultiProc;

/// <summary>Passes on what happens to a pool's work to whoever wants to know it. Thread-safe.</summary>
/// <param name="metrics">Told how long work waits and runs.</param>
/// <param name="log">Told when the dispatcher fails.</param>
/// <param name="callbacks">Told while ends are told: listeners to spans, and types that act when they are read, may end the pool.</param>
/// <param name="insights">Told what each worker has done; null: nobody asked.</param>
/// <param name="recorder">Saves calls that fail; null: nobody does.</param>
/// <param name="countsBytes">Whether work leaves this process, so that its bytes count.</param>
internal sealed class PoolObserver(PoolMetrics metrics, PoolLog log, Callbacks callbacks, InsightsLedger? insights, CallRecorder? recorder, bool countsBytes) : IWorkObserver
{
    public bool TimesWaits => PoolMetrics.IsTimingWaits;

    public bool TimesRuns => PoolMetrics.IsTimingRuns;

    public bool SavesFailures => recorder is not null;

    public bool NeedsWholeCalls => recorder is not null || insights is not null;

    public SentWork? Measure(IReadOnlyList<Work> works) => PoolMetrics.Measure(works, TimeProvider.System, countsBytes);

    public void OnSent(in SentWork sent) => metrics.NoteSent(sent);

    public void OnEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed)
    {
        if (TimesRuns)
        {
            metrics.NoteRuns([.. ended.SelectMany(static work => work.Outcomes())], elapsed);
        }

        insights?.NoteEnded(slot, ended, elapsed);
    }

    public void OnLost(int slot, IReadOnlyList<LostWork> lost, TimeSpan elapsed)
    {
        if (TimesRuns)
        {
            metrics.NoteRuns([.. lost.Select(static one => one.Outcome)], elapsed);
        }

        foreach (var one in lost)
        {
            insights?.NoteLost(slot, one);
        }
    }

    public void OnFailure(in WorkUnit unit, Work work, int item, Exception error)
    {
        if (work.IsOfMap)
        {
            FailedItem.Note(error, work, unit, item);
        }

        recorder?.Record(unit, work, item, error);
    }

    public void OnBroken(Exception cause) => log.PoolFaulted($"{cause.GetType().Name} on one of its own threads", cause);

    public IDisposable EnterCallback() => callbacks.Enter();
}
