namespace MultiProc.Protocol.Calls;

/// <summary>
/// What comes before a thread is put to sleep: for a moment it only gives way to whoever wants the processor, and looks again. To be put to sleep and woken up takes
/// longer than many a call. Where that has been in vain some times in a row, it is only tried now and then. For one thread.
/// </summary>
internal sealed class AdaptiveSpinWait(TimeProvider time)
{
    private const int MaxInVain = 4;
    private const int WaitsForTrial = 16;

    // What does not come within that is worth sleeping for.
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(100);

    private int _inVain;
    private int _waits;

    /// <summary>Waits a moment, if that has been worthwhile lately.</summary>
    /// <returns>Whether it has come.</returns>
    public bool Wait<T>(T what, Func<T, bool> hasCome)
    {
        if (_inVain >= MaxInVain && ++_waits % WaitsForTrial != 0)
        {
            return hasCome(what);
        }

        var begun = time.GetTimestamp();
        do
        {
            if (hasCome(what))
            {
                _inVain = 0;
                return true;
            }

            Thread.Yield();
        }
        while (time.GetElapsedTime(begun) < Moment);

        _inVain++;
        return false;
    }
}
