namespace MultiProc.Workers;

/// <summary>
/// How long to wait before a worker is started again: not at all after the first failure, then exponentially longer, with jitter so that the workers of
/// many pools do not start in step. (Exponential back-off with full jitter.)
/// </summary>
internal static class RestartDelay
{
    /// <summary>After so many failures in a row a slot gives up, and the pool is faulted with the last cause.</summary>
    public const int MaxFailuresInRow = 6;

    /// <summary>A worker that somebody killed before it had done anything counts so much less than one that failed by itself.</summary>
    public const int KillsPerFailure = 6;

    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <param name="failuresInRow">From 0.</param>
    /// <param name="random">From 0 to 1.</param>
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
