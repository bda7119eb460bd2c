using System.Diagnostics;
using MultiProc.Protocol.Calls;

namespace MultiProc.Sequences;

/// <summary>
/// The choice of chunk sizes for a map. A size that the caller sets is used as it is. Otherwise sizes follow measurements:
/// the first chunk has one item if nothing is known; later chunks take a few milliseconds each, so that the transport costs
/// little and no worker is left with a long tail. If the total is known, a chunk never exceeds a fair share of the rest
/// (guided self-scheduling, Polychronopoulos and Kuck 1987). Guarded by its run.
/// </summary>
/// <param name="fixedSize">The caller's chunk size; null: measured.</param>
/// <param name="workers">The number of workers.</param>
/// <param name="total">The total number of items; null: unknown.</param>
/// <param name="maxSize">The maximum number of items that travel together.</param>
/// <param name="known">The measured item time of the function, from earlier maps; this map updates it.</param>
internal sealed class Chunker(int? fixedSize, int workers, long? total, int maxSize, ItemTime known)
{
    private const int MinAhead = 4;
    private const int MaxAhead = 1_024;
    private const int Growth = 8;

    // So much of the target before this map has shown anything itself. And the first worker, at a long chunk at
    // once, could keep the processor from whoever makes the next.
    private const double FirstPart = 0.25;

    private static readonly double TargetMilliseconds = ChunkTarget.Duration.TotalMilliseconds;

    private int _last = known.IsKnown ? maxSize : 1;
    private bool _hasMeasured;
    private long _begun;
    private long _ended;

    /// <summary>
    /// Chunks that may be under way: one runs and some wait for each worker. Small chunks, which only a caller's own number makes, come back faster than
    /// that few can be handed over: of those, as many as the target takes.
    /// </summary>
    public int MaxChunks { get; private set; } = workers * MinAhead;

    /// <summary>The size of the next chunk, with <paramref name="begun"/> items already in others.</summary>
    public int Next(long begun)
    {
        if (fixedSize is { } size)
        {
            return Math.Min(size, maxSize);
        }

        var target = _hasMeasured ? TargetMilliseconds : TargetMilliseconds * FirstPart;
        var wanted = known.IsKnown ? target / Math.Max(known.Milliseconds, 1e-6) : 1;
        wanted = Math.Min(wanted, (double)_last * Growth);
        if (total is { } all)
        {
            wanted = Math.Min(wanted, Math.Ceiling((all - begun) / (2.0 * workers)));
        }

        _last = (int)Math.Clamp(wanted, 1, maxSize);
        return _last;
    }

    /// <summary>Records a completed chunk.</summary>
    /// <param name="milliseconds">The run time of each of its items; NaN: unknown.</param>
    public void Measure(double milliseconds)
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
                MaxChunks = workers * (int)Math.Clamp(TargetMilliseconds / Math.Max(perChunk, 1e-6), MinAhead, MaxAhead);
            }
        }

        if (!double.IsNaN(milliseconds))
        {
            known.Note(milliseconds);
            _hasMeasured = true;
        }
    }
}
