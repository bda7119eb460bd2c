namespace MultiProc.Worker.Calls;

/// <summary>
/// Credit for progress reports: a reporter that is faster than the host waits here, so that what the host has not yet dealt with is bounded.
/// Thread-safe.
/// </summary>
internal sealed class ReportFlow
{
    private const int MaxReports = 256;
    private const long MaxBytes = 1 << 20;

    private readonly object _gate = new();
    private int _reports;
    private long _bytes;

    /// <summary>Waits until a report may be sent. A report larger than the whole credit may go when nothing else is under way.</summary>
    public void Take(int bytes)
    {
        lock (_gate)
        {
            while (_reports > 0 && (_reports >= MaxReports || _bytes + bytes > MaxBytes))
            {
                Monitor.Wait(_gate);
            }

            _reports++;
            _bytes += bytes;
        }
    }

    /// <summary>The host has dealt with that many.</summary>
    public void Return(int reports, long bytes)
    {
        lock (_gate)
        {
            _reports -= reports;
            _bytes -= bytes;
            Monitor.PulseAll(_gate);
        }
    }
}
