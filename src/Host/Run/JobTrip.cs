using System.Globalization;

namespace MultiProc.Host.Run;

/// <summary>Where and when a job ran. It crosses with the result, or on the exception.</summary>
/// <param name="Slot">The worker's slot.</param>
/// <param name="ProcessId">The worker's process.</param>
/// <param name="Started">When the function was called; null when only its end was seen.</param>
/// <param name="Duration">How long it ran; null when only its end was seen.</param>
internal sealed record JobTrip(int Slot, int ProcessId, DateTimeOffset? Started, TimeSpan? Duration)
{
    private const string Key = "MultiProc.Host.JobTrip";

    /// <summary>Notes the trip on the exception that ended it. Always false, so that it can stand in an exception filter and the stack stays as it was.</summary>
    public static bool Note(Exception exception, JobTrip trip)
    {
        try
        {
            exception.Data[Key] = string.Create(
                CultureInfo.InvariantCulture, $"{trip.Slot} {trip.ProcessId} {trip.Started!.Value.UtcTicks} {trip.Duration!.Value.Ticks}");
        }
        catch (Exception refused) when (refused is NotSupportedException or ArgumentException or InvalidOperationException)
        {
            // An exception may have a dictionary of its own that takes nothing: then the log goes without.
        }

        return false;
    }

    /// <summary>Where the exception comes from; null when nobody knows.</summary>
    public static JobTrip? Of(Exception exception) => exception switch
    {
        WorkerLostException lost => new JobTrip(lost.Slot, lost.ProcessId, null, null),
        CallTimeoutException timeout => new JobTrip(-1, 0, null, timeout.Timeout),
        _ => exception.Data[Key] is string text && text.Split(' ') is [var slot, var process, var started, var duration]
            ? new JobTrip(
                int.Parse(slot, CultureInfo.InvariantCulture),
                int.Parse(process, CultureInfo.InvariantCulture),
                new DateTimeOffset(long.Parse(started, CultureInfo.InvariantCulture), TimeSpan.Zero),
                TimeSpan.FromTicks(long.Parse(duration, CultureInfo.InvariantCulture)))
            : null,
    };
}
