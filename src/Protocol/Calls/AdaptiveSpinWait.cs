namespace MultiProc.Protocol.Calls;

/// <summary>
/// What comes before a thread is put to sleep: for a moment it only gives way to whoever wants the processor, and looks again. To be put to sleep and woken up takes
/// longer than many a call. Where that has been in vain some times in a row, it is only tried now and then. For one thread.
/// </summary>
internal sealed class AdaptiveSpinWait(TimeProvider time)
{
    private const int MaxFailedSpins = 4;
    private const int WaitsBetweenTrials = 16;

    // What does not come within that is worth sleeping for.
    private static readonly TimeSpan MaxSpin = TimeSpan.FromMicroseconds(100);

    private int _failedSpins;
    private int _waits;

    /// <summary>Waits a moment, if that has been worthwhile lately.</summary>
    /// <returns>Whether it has come.</returns>
    public bool Wait<T>(T state, Func<T, bool> condition)
    {
        if (_failedSpins >= MaxFailedSpins && ++_waits % WaitsBetweenTrials != 0)
        {
            return condition(state);
        }

        var begun = time.GetTimestamp();
        do
        {
            if (condition(state))
            {
                _failedSpins = 0;
                return true;
            }

            Thread.Yield();
        }
        while (time.GetElapsedTime(begun) < MaxSpin);

        _failedSpins++;
        return false;
    }
}
