using System.Diagnostics;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Run;

/// <summary>What a run has its workers do for one line of its input.</summary>
internal static class JobCalls
{
    /// <param name="assemblyPath">The user's assembly.</param>
    /// <param name="function">The function, as it was written.</param>
    /// <param name="line">The arguments.</param>
    /// <param name="isRaw">Whether the line is text and not JSON.</param>
    /// <param name="isDryRun">Whether the call is only described.</param>
    /// <param name="halted">Set once no further job may begin.</param>
    /// <exception cref="InvalidCallException">The call cannot be made as it is written.</exception>
    public static async Task<JobResult> RunAsync(string assemblyPath, string function, string line, bool isRaw, bool isDryRun, SharedEvent? halted)
    {
        if (halted is { IsSet: true })
        {
            return new JobResult(null, null);
        }

        var started = TimeProvider.System.GetUtcNow();
        var watch = Stopwatch.GetTimestamp();
        JobTrip Trip() => new(WorkerContext.Current?.Slot ?? 0, Environment.ProcessId, started, Stopwatch.GetElapsedTime(watch));
        try
        {
            var result = isDryRun
                ? TextCalls.DescribeLine(assemblyPath, function, line, isRaw)
                : await TextCalls.InvokeLineAsync(assemblyPath, function, line, isRaw).ConfigureAwait(false);
            return new JobResult(result, Trip());
        }
        catch (Exception exception) when (JobTrip.Note(exception, Trip()))
        {
            throw new UnreachableException();
        }
    }
}
