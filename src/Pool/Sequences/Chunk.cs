using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>Items of a map that were handed over together. Guarded by its run.</summary>
internal sealed class Chunk(int count)
{
    /// <summary>What the dispatcher has of it.</summary>
    public Work Work { get; set; } = null!;

    public int Count { get; } = count;

    /// <summary>Items that have not come back.</summary>
    public int Left { get; set; } = count;
}
