namespace MultiProc;

/// <summary>How far a map has come.</summary>
/// <param name="Completed">Items that have ended, as a value or as an error.</param>
/// <param name="Total">Items in all; null when the source does not know its length before it is read.</param>
public readonly record struct MapProgress(long Completed, long? Total);
