using System.Numerics;

namespace MultiProc.Sharing;

/// <summary>The layout of a queue's items in its memory. Changes atomically.</summary>
internal record struct QueueState
{
    /// <summary>The offset of the first item.</summary>
    public long Head { get; set; }

    /// <summary>The number of bytes occupied from there on, wrapping around at <see cref="Size"/>.</summary>
    public long Used { get; set; }

    /// <summary>The size of the ring in bytes.</summary>
    public long Size { get; set; }

    /// <summary>The number of items.</summary>
    public int Count { get; set; }

    /// <summary>The maximum number of items; 0: no limit.</summary>
    public int Capacity { get; init; }

    /// <summary>Whether the queue accepts no more items.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>Whether the state is possible. If not, another process wrote into the memory.</summary>
    public readonly bool IsPossible =>
        Size >= QueueRing.InitialSize && BitOperations.IsPow2(Size)
        && Head >= 0 && Head < Size && Head % QueueRing.Alignment == 0
        && Used >= 0 && Used <= Size && Used % QueueRing.Alignment == 0
        && Count >= 0 && Count <= Used / QueueRing.Alignment && (Count == 0) == (Used == 0)
        && Capacity >= 0;
}
