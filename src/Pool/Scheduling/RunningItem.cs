namespace MultiProc.Scheduling;

/// <summary>The item that a runner is in.</summary>
/// <param name="Unit">The unit's id.</param>
/// <param name="Item">The item's number in the unit.</param>
/// <param name="Elapsed">How long it has been running.</param>
internal readonly record struct RunningItem(long Unit, int Item, TimeSpan Elapsed);
