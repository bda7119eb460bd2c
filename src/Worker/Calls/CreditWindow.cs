using MultiProc.Protocol.Messages;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The credit for progress reports. A reporter that is faster than the host blocks here, so the number of reports that
/// the host has not handled is limited. Thread-safe.
/// </summary>
internal sealed class CreditWindow
{
    private readonly object _gate = new();
    private readonly ReportCredit _credit = new();

    /// <summary>
    /// Blocks until a report may be sent. A report larger than the whole credit may be sent when no other is in flight.
    /// </summary>
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

    /// <summary>Returns the credit of reports that the host has handled.</summary>
    public void Return(int reports, long bytes)
    {
        lock (_gate)
        {
            _credit.Return(reports, bytes);
            Monitor.PulseAll(_gate);
        }
    }
}
