using System.Diagnostics;

namespace MultiProc.Sequences;

/// <summary>
/// How many items travel together. A caller's own number is obeyed. Else it is chosen by measuring: one at first, then as many as take a few milliseconds,
/// so that the trip costs little and no worker is left with a long tail; and never more than a fair share of what is left, if that is known
/// (guided self-scheduling, Polychronopoulos and Kuck 1987). Guarded by its run.
/// </summary>
internal sealed class Chunker(int? fixedSize, int workers, long? total, int most)
{
    private const double TargetMilliseconds = 4;
    private const int LeastAhead = 4;
    private const int MostAhead = 1_024;
    private const int Growth = 8;
    private const double Weight = 0.5;

    private double _millisecondsPerItem = double.NaN;
    private int _last = 1;
    private long _begun;
    private long _ended;

    /// <summary>
    /// Chunks that may be under way: one runs and some wait for each worker. Small chunks, which only a caller's own number makes, come back faster than
    /// that few can be handed over: of those, as many as the target takes.
    /// </summary>
    public int MaxChunks { get; private set; } = workers * LeastAhead;

    /// <summary>The size of the next chunk, with <paramref name="begun"/> items already in others.</summary>
    public int Next(long begun)
    {
        if (fixedSize is { } size)
        {
            return Math.Min(size, most);
        }

        var wanted = double.IsNaN(_millisecondsPerItem) ? 1 : TargetMilliseconds / Math.Max(_millisecondsPerItem, 1e-6);
        wanted = Math.Min(wanted, (double)_last * Growth);
        if (total is { } all)
        {
            wanted = Math.Min(wanted, Math.Ceiling((all - begun) / (2.0 * workers)));
        }

        _last = (int)Math.Clamp(wanted, 1, most);
        return _last;
    }

    /// <summary>A chunk has come back.</summary>
    public void Measure(int items, TimeSpan elapsed)
    {
        if (fixedSize is not null)
        {
            if (_ended++ == 0)
            {
                _begun = Stopwatch.GetTimestamp();
            }
            else
            {
                var perChunk = Stopwatch.GetElapsedTime(_begun).TotalMilliseconds * workers / _ended;
                MaxChunks = workers * (int)Math.Clamp(TargetMilliseconds / Math.Max(perChunk, 1e-6), LeastAhead, MostAhead);
            }
        }

        // What it took includes the trip and the wait behind other chunks, which small chunks show as if it were their items'. So less is believed at once.
        var measured = elapsed.TotalMilliseconds / items;
        _millisecondsPerItem = !(measured > _millisecondsPerItem) ? measured : (Weight * measured) + ((1 - Weight) * _millisecondsPerItem);
    }
}
