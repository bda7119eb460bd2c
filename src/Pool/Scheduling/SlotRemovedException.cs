namespace MultiProc.Scheduling;

/// <summary>The end of work that was pinned to a slot and had not begun when the slot was removed. It does not reach the caller: a broadcast leaves the slot out.</summary>
internal sealed class SlotRemovedException() : Exception("The slot was removed.");
