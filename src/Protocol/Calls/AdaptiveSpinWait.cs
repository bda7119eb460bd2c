namespace MultiProc.Protocol.Calls;

/// <summary>
/// A wait that yields the processor and polls for a moment before the caller goes to sleep: sleeping and waking up
/// takes longer than many calls. If yielding has failed several times in a row, it is tried only now and then. For one
/// thread.
/// </summary>
internal sealed class AdaptiveSpinWait(TimeProvider time)
{
    private const int MaxFailedSpins = 4;
    private const int WaitsBetweenTrials = 16;

    // If the condition takes longer, it is worth sleeping.
    private static readonly TimeSpan MaxSpin = TimeSpan.FromMicroseconds(100);

    private int _failedSpins;
    private int _waits;

    /// <summary>Waits a moment, if that has paid off lately.</summary>
    /// <returns>Whether the condition has become true.</returns>
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
