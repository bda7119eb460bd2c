using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// Hears what happens to work, for metrics, insights and records. Called outside of the dispatcher's lock, on any thread: it may call the application. It must not throw.
/// </summary>
internal interface IWorkObserver
{
    /// <summary>Whether somebody wants to know how long work waits.</summary>
    bool TimesWaits { get; }

    /// <summary>Whether somebody wants to know how runs end, and how long they take.</summary>
    bool TimesRuns { get; }

    /// <summary>Whether calls that fail are saved: then their bytes are kept until that is done.</summary>
    bool SavesFailures { get; }

    /// <summary>Whether each call is to stay a piece of work of its own, because it may be saved or listed.</summary>
    bool NeedsWholeCalls { get; }

    /// <summary>Looks at work that is being handed to a runner; null: nobody wants to know. <see cref="OnSent"/> follows.</summary>
    SentWork? Measure(IReadOnlyList<Work> works);

    /// <summary>The work has been handed over.</summary>
    void OnSent(in SentWork sent);

    /// <summary>Work has ended in a runner that it had kept busy for so long; what ended together shares the time.</summary>
    void OnEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed);

    /// <summary>A runner was lost in work that it had been busy with for so long; what was lost together shares the time.</summary>
    void OnLost(int slot, IReadOnlyList<LostWork> lost, TimeSpan elapsed);

    /// <summary>An item failed that had begun. Its caller is told next.</summary>
    /// <param name="unit">Its bytes, as they were then.</param>
    /// <param name="work">What it is part of.</param>
    /// <param name="item">Its number.</param>
    /// <param name="error">How it failed.</param>
    void OnFailure(in WorkUnit unit, Work work, int item, Exception error);

    /// <summary>The dispatcher has failed, and ended all work.</summary>
    void OnBroken(Exception cause);

    /// <summary>Ends of items are told, until the result is disposed of: code of the application may run.</summary>
    IDisposable? EnterCallback();
}
