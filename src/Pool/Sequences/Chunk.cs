using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>A chunk: items of a map that are dispatched together. Guarded by its run.</summary>
internal sealed class Chunk(int count)
{
    /// <summary>The dispatcher's work for this chunk.</summary>
    public Work Work { get; set; } = null!;

    public int Count { get; } = count;

    /// <summary>The number of items that have not completed.</summary>
    public int Left { get; set; } = count;
}
