namespace MultiProc.Protocol.Messages;

/// <summary>
/// How many reports of one worker may be under way, and how many bytes of them: what the worker waits for, and what the host holds it to. Not thread-safe.
/// </summary>
internal sealed class ReportCredit
{
    public const int MaxReports = 256;
    public const long MaxBytes = 1 << 20;

    private int _reports;
    private long _bytes;

    /// <summary>One more is under way. A report larger than the whole credit may go when no other is.</summary>
    /// <returns>False: not now.</returns>
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

    /// <summary>So many have been dealt with.</summary>
    public void Return(int reports, long bytes)
    {
        _reports -= reports;
        _bytes -= bytes;
    }
}
