namespace MultiProc.Workers;

/// <summary>
/// The delay before a worker is started again: none after the first failure, then exponential back-off with jitter, so
/// that the workers of many pools do not start in step.
/// </summary>
internal static class RestartDelay
{
    /// <summary>After this many failures in a row a slot gives up, and the pool faults with the last cause.</summary>
    public const int MaxFailuresInRow = 6;

    /// <summary>
    /// This many workers that were killed from outside count as one failure: such a kill says less than a failure of
    /// the worker's own.
    /// </summary>
    public const int KillsPerFailure = 6;

    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <param name="failuresInRow">The number of failures in a row, from 0.</param>
    /// <param name="random">The jitter, from 0 to 1.</param>
    public static TimeSpan After(int failuresInRow, double random)
    {
        if (failuresInRow <= 1)
        {
            return TimeSpan.Zero;
        }

        var ceiling = Math.Min(MaxDelay.TotalMilliseconds, InitialDelay.TotalMilliseconds * Math.Pow(2, failuresInRow - 1));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random / 2)));
    }
}
