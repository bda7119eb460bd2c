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
}
