namespace MultiProc.Protocol.Messages;

/// <summary>
/// The credit for reports of one worker: how many, with how many bytes, may be in flight. The worker waits for it, and
/// the host enforces it. Not thread-safe.
/// </summary>
internal sealed class ReportCredit
{
    public const int MaxReports = 256;
    public const long MaxBytes = 1 << 20;

    private int _reports;
    private long _bytes;

    /// <summary>
    /// Takes credit for one report. A report larger than the whole credit may be sent when no other is in flight.
    /// </summary>
    /// <returns>False if there is not enough credit now.</returns>
    public bool TryTake(long bytes)
    {
        if (_reports > 0 && (_reports >= MaxReports || _bytes + bytes > MaxBytes))
        {
            return false;
        }

        _reports++;
        _bytes += bytes;
        return true;
    }

    /// <summary>Returns the credit of reports that have been handled.</summary>
    public void Return(int reports, long bytes)
    {
        _reports -= reports;
        _bytes -= bytes;
    }
}
