using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>Work in which a runner was lost, as it was then: it may wait again.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Unit">Its bytes.</param>
/// <param name="Outcome">How this run of it ended.</param>
/// <param name="Elapsed">How long the runner had been in it.</param>
internal readonly record struct LostWork(string Label, WorkUnit Unit, RunOutcome Outcome, TimeSpan Elapsed);
