using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>
/// An observer of work, for metrics, insights and records. Called outside of the dispatcher's lock, on any thread, so it may call the
/// application. It must not throw.
/// </summary>
internal interface IWorkObserver
{
    /// <summary>Whether waiting times are wanted.</summary>
    bool TimesWaits { get; }

    /// <summary>Whether outcomes and durations of runs are wanted.</summary>
    bool TimesRuns { get; }

    /// <summary>Whether failed calls are recorded: then their bytes are kept until that is done.</summary>
    bool SavesFailures { get; }

    /// <summary>Whether each call must stay a unit of its own, because it may be recorded or listed.</summary>
    bool NeedsWholeCalls { get; }

    /// <summary>Measures work that is about to be sent; null: not wanted. <see cref="OnSent"/> follows.</summary>
    SentWork? Measure(IReadOnlyList<Work> works);

    /// <summary>The work has been sent.</summary>
    void OnSent(in SentWork sent);

    /// <summary>Work has ended that had kept a runner busy for this time. Work that ended together shares it.</summary>
    void OnEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed);

    /// <summary>A runner was lost in work that had kept it busy for this time. Work that was lost together shares it.</summary>
    void OnLost(int slot, IReadOnlyList<LostWork> lost, TimeSpan elapsed);

    /// <summary>An item that had begun has failed. Its completion follows.</summary>
    /// <param name="unit">Its bytes, as they were then.</param>
    /// <param name="work">The work of the item.</param>
    /// <param name="item">Its number.</param>
    /// <param name="error">The failure.</param>
    void OnFailure(in WorkUnit unit, Work work, int item, Exception error);

    /// <summary>The dispatcher has failed, and ended all work.</summary>
    void OnBroken(Exception cause);

    /// <summary>Completions are being delivered until the result is disposed: code of the application may run.</summary>
    IDisposable? EnterCallback();
}
