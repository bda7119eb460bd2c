using System.Diagnostics;

namespace MultiProc.Sharing;

/// <summary>When a waiter looks for itself although nobody woke it: after 1 ms, then at doubling intervals of at most 50 ms.</summary>
internal struct PollBackoff
{
    private const int Initial = 1;
    private const int Maximum = 50;

    private long _since;
    private int _interval;

    public static PollBackoff Start() => new() { _since = Stopwatch.GetTimestamp(), _interval = Initial };

    /// <summary>Milliseconds to sleep until the next look, at least one.</summary>
    public readonly int Remaining => Math.Max(1, _interval - (int)Stopwatch.GetElapsedTime(_since).TotalMilliseconds);

    /// <summary>Whether the time for a look has come; if so, the next interval begins.</summary>
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
