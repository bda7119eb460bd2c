using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>Work in which a runner was lost, as it was then. It may be requeued.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Unit">Its bytes.</param>
/// <param name="Outcome">The outcome of this run.</param>
/// <param name="Elapsed">How long the runner had run it.</param>
internal readonly record struct LostWork(string Label, WorkUnit Unit, RunOutcome Outcome, TimeSpan Elapsed);
