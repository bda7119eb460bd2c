using System.Diagnostics;
using MultiProc.Protocol.Calls;

namespace MultiProc.Sequences;

/// <summary>
/// How many items travel together. A caller's own number is obeyed. Else it is chosen by measuring: one at first, if nothing is known, then as many as take a few
/// milliseconds, so that the trip costs little and no worker is left with a long tail; and never more than a fair share of what is left, if that is known
/// (guided self-scheduling, Polychronopoulos and Kuck 1987). Guarded by its run.
/// </summary>
/// <param name="fixedSize">The caller's own number; null: chosen.</param>
/// <param name="workers">How many there are.</param>
/// <param name="total">Items in all; null: not known.</param>
/// <param name="maxSize">The maximum number of items that travel together.</param>
/// <param name="known">What is known of the function from maps before, and will be from this one.</param>
internal sealed class Chunker(int? fixedSize, int workers, long? total, int maxSize, ItemTime known)
{
    private const int MinAhead = 4;
    private const int MaxAhead = 1_024;
    private const int Growth = 8;

    // So much of the target before this map has shown anything itself. And the first worker, at a long chunk at once, could keep the processor from whoever makes the next.
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

    /// <summary>A chunk has come back.</summary>
    /// <param name="milliseconds">How long each of its items ran; not a number: nobody knows.</param>
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
