using MultiProc.Host.Functions;

namespace MultiProc.Host.Run;

/// <summary>What came of one try of a job.</summary>
/// <param name="Json">The result; null when it failed.</param>
/// <param name="Error">What it failed with; null when it succeeded.</param>
/// <param name="Trip">Where and when it ran, as far as that is known.</param>
internal sealed record JobEnd(string? Json, Exception? Error, JobTrip? Trip)
{
    public static JobEnd None { get; } = new(null, null, null);

    /// <summary>Whether the call could not be made as its line has it: another try is no use.</summary>
    public bool IsInvalid => Error is InvalidCallException;

    public static JobEnd Of(JobResult result) => new(result.Json, null, result.Trip);

    public static JobEnd Of(Exception error) => new(null, error, JobTrip.Of(error));
}
