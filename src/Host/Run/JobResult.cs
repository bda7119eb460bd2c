namespace MultiProc.Host.Run;

/// <summary>What a worker answers. It crosses.</summary>
/// <param name="Json">The function's result; null when the run had been halted and the function was not called.</param>
/// <param name="Trip">Where and when it ran.</param>
internal sealed record JobResult(string? Json, JobTrip? Trip);
