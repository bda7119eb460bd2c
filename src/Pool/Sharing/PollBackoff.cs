using System.Diagnostics;

namespace MultiProc.Sharing;

/// <summary>
/// The back-off of a waiter that polls although it was not woken: after 1 ms, then at doubling intervals of at most 50
/// ms. Mutable.
/// </summary>
internal struct PollBackoff
{
    private const int Initial = 1;
    private const int Maximum = 50;

    private long _since;
    private int _interval;

    public static PollBackoff Start() => new() { _since = Stopwatch.GetTimestamp(), _interval = Initial };

    /// <summary>The milliseconds until the next poll, at least 1.</summary>
    public readonly int Remaining => Math.Max(1, _interval - (int)Stopwatch.GetElapsedTime(_since).TotalMilliseconds);

    /// <summary>Whether a poll is due. If so, the next interval begins.</summary>
    public bool IsOverdue()
    {
        if (Stopwatch.GetElapsedTime(_since).TotalMilliseconds < _interval)
        {
            return false;
        }

        _since = Stopwatch.GetTimestamp();
        _interval = Math.Min(2 * _interval, Maximum);
        return true;
    }
}
