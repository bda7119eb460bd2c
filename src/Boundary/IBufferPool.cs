namespace MultiProc.Boundary;

/// <summary>A source of memory for large content, such as memory that another process can read.</summary>
internal interface IBufferPool
{
    /// <summary>The fewest bytes that are worth a buffer of the pool.</summary>
    int MinLength { get; }

    /// <summary>Rents a buffer; null when there is no room.</summary>
    PooledBuffer? TryRent(int bytes);
}
