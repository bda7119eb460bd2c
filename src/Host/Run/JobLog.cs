using System.Globalization;
using System.Text;

namespace MultiProc.Host.Run;

/// <summary>
/// The log of a run: a table with one line for each job that has ended, from which an interrupted run can go on. A line is written only after the job's result,
/// and says where in the output that ends; so whatever the log holds the output holds, too, also when this process is killed between the two.
/// </summary>
internal sealed class JobLog : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly FileStream _file;
    private readonly StringBuilder _lines = new();

    public JobLog(FileStream file) => _file = file;

    /// <summary>Notes a job's end. It reaches the file with <see cref="Flush"/>.</summary>
    public void Add(Job job, long? outputEnd)
    {
        var (trip, error) = (job.End.Trip, job.End.Error);
        _lines.Append(CultureInfo.InvariantCulture, $"{job.Item.Number}\t");
        _lines.Append(CultureInfo.InvariantCulture, $"{(trip is { Slot: >= 0 } ? "w" + trip.Slot : "-")}\t{(trip is { ProcessId: > 0 } ? trip.ProcessId : "-")}\t");
        _lines.Append(CultureInfo.InvariantCulture, $"{(trip?.Started is { } started ? started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) : "-")}\t");
        _lines.Append(CultureInfo.InvariantCulture, $"{(trip?.Duration is { } duration ? duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture) : "-")}\t");
        _lines.Append(CultureInfo.InvariantCulture, $"{job.Tries}\t{ExitOf(error)}\t{(outputEnd is { } end ? end : "-")}\n");
    }

    /// <summary>Whether so much has been noted that it should be written.</summary>
    public bool IsFull => _lines.Length >= FlushAt;

    /// <summary>Writes what was noted. The results must have been written before.</summary>
    public void Flush()
    {
        _file.Write(Encoding.UTF8.GetBytes(_lines.ToString()));
        _lines.Clear();
    }

    public void Dispose() => _file.Dispose();

    private static string ExitOf(Exception? error) => error switch
    {
        null => JobLogFormat.Done,
        Functions.InvalidCallException => "invalid",
        WorkerLostException => "lost",
        CallTimeoutException => "timeout",
        _ => "failed",
    };
}
