namespace MultiProc.Scheduling;

/// <summary>A snapshot of the dispatcher's counts, in items.</summary>
internal readonly record struct DispatcherCounters(int Runners, int Busy, long Queued, long Completed, long Failed, long Retried);
