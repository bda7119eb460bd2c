using MultiProc.Protocol.Messages;

namespace MultiProc.Worker.Calls;

/// <summary>
/// Credit for progress reports: a reporter that is faster than the host waits here, so that what the host has not yet dealt with is bounded.
/// Thread-safe.
/// </summary>
internal sealed class CreditWindow
{
    private readonly object _gate = new();
    private readonly ReportCredit _credit = new();

    /// <summary>Waits until a report may be sent. A report larger than the whole credit may go when nothing else is under way.</summary>
    public void Take(int bytes)
    {
        lock (_gate)
        {
            while (!_credit.TryTake(bytes))
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>The host has dealt with that many.</summary>
    public void Return(int reports, long bytes)
    {
        lock (_gate)
        {
            _credit.Return(reports, bytes);
            Monitor.PulseAll(_gate);
        }
    }
}
