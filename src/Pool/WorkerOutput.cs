namespace MultiProc;

/// <summary>A line that a worker printed.</summary>
/// <param name="Slot">The worker's slot.</param>
/// <param name="IsError">Whether it was written to standard error.</param>
/// <param name="Line">The line without its end. A line of more than 65,536 characters comes in pieces of that length.</param>
public sealed record WorkerOutput(int Slot, bool IsError, string Line);
