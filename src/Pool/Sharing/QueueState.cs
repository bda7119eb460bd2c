using System.Numerics;

namespace MultiProc.Sharing;

/// <summary>Where the items of a queue stand in its memory. Changes as a whole.</summary>
internal record struct QueueState
{
    /// <summary>Where the first item begins.</summary>
    public long Head { get; set; }

    /// <summary>Bytes occupied from there on, wrapping around at <see cref="Size"/>.</summary>
    public long Used { get; set; }

    /// <summary>Bytes in use as a ring.</summary>
    public long Size { get; set; }

    /// <summary>Items.</summary>
    public int Count { get; set; }

    /// <summary>The most items there may be; 0 means no limit.</summary>
    public int Capacity { get; init; }

    /// <summary>Whether no more are accepted.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>Whether a queue can be in this state: if not, another process wrote into its memory.</summary>
    public readonly bool IsPossible =>
        Size >= QueueRing.InitialSize && BitOperations.IsPow2(Size)
        && Head >= 0 && Head < Size && Head % QueueRing.Alignment == 0
        && Used >= 0 && Used <= Size && Used % QueueRing.Alignment == 0
        && Count >= 0 && Count <= Used / QueueRing.Alignment && (Count == 0) == (Used == 0)
        && Capacity >= 0;
}
