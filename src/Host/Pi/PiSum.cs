using System.Diagnostics;

namespace MultiProc.Host.Pi;

/// <summary>Pi from the Leibniz series, summed up by the workers of a pool: the same ranges in the same order, however many workers there are.</summary>
internal sealed class PiSum
{
    private const int MaxRanges = 64;
    private static readonly MapOptions OneRangeATime = new() { ChunkSize = 1 };

    private readonly (long From, long To)[] _ranges;

    public PiSum(long terms)
    {
        var count = (int)Math.Min(MaxRanges, terms);
        _ranges = [.. Enumerable.Range(0, count).Select(i => (Bound(terms, count, i), Bound(terms, count, i + 1)))];
    }

    public int Ranges => _ranges.Length;

    /// <summary>Pi, and how long it took from submission to the last result.</summary>
    public async Task<(double Pi, TimeSpan Elapsed)> ComputeAsync(IProcessPool pool, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var sums = await pool.StarMapAsync(LeibnizSeries.Sum, _ranges, OneRangeATime, cancellationToken).ConfigureAwait(false);
        var pi = 4 * sums.Reverse().Sum();
        return (pi, Stopwatch.GetElapsedTime(start));
    }

    private static long Bound(long terms, int count, int index) => (long)((Int128)terms * index / count);
}
