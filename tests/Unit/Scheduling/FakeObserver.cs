using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Remembers what it was told of lost work, and does what a test wants when work was sent.</summary>
internal sealed class FakeObserver : IWorkObserver
{
    /// <summary>Runs when work was sent.</summary>
    public Action? Sent { get; init; }

    /// <summary>Of each runner that was lost in work: the outcomes, and the time that they share.</summary>
    public List<(RunOutcome[] Outcomes, TimeSpan Elapsed)> Losses { get; } = [];

    public bool TimesWaits => false;

    public bool TimesRuns => false;

    public bool SavesFailures => false;

    public bool NeedsWholeCalls => false;

    public SentWork? Measure(IReadOnlyList<Work> works) => new SentWork([], 1);

    public void OnSent(in SentWork sent) => Sent?.Invoke();

    public void OnEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed)
    {
    }

    public void OnLost(int slot, IReadOnlyList<LostWork> lost, TimeSpan elapsed) => Losses.Add(([.. lost.Select(static one => one.Outcome)], elapsed));

    public void OnFailure(in WorkUnit unit, Work work, int item, Exception error)
    {
    }

    public void OnBroken(Exception cause)
    {
    }

    public IDisposable? EnterCallback() => null;
}
