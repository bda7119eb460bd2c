namespace MultiProc.Scheduling;

/// <summary>What was pinned to a slot, and had not begun when the slot was removed, ends with this. It does not reach the caller: a broadcast does not count it.</summary>
internal sealed class SlotRemovedException() : Exception("The slot was removed.");
