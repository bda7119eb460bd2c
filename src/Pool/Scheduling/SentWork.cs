namespace MultiProc.Scheduling;

/// <summary>What metrics tell of work that was handed to a runner.</summary>
/// <param name="Waits">How long each waited, if somebody wants to know.</param>
/// <param name="Bytes">How large all of it is; 0: nobody wants to know.</param>
internal readonly record struct SentWork(IReadOnlyList<TimeSpan> Waits, long Bytes);
