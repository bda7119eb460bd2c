namespace MultiProc.Scheduling;

/// <summary>The measurements of sent work, for metrics.</summary>
/// <param name="Waits">The waiting time of each unit, if wanted.</param>
/// <param name="Bytes">The size of all units; 0: not wanted.</param>
internal readonly record struct SentWork(IReadOnlyList<TimeSpan> Waits, long Bytes);
