namespace MultiProc.Boundary;

/// <summary>The limits of items in a shared object, for this process.</summary>
internal interface IItemLimits
{
    /// <summary>From now on this process takes no item out that takes more bytes.</summary>
    void LimitReading(long itemBytes);

    /// <summary>From now on this process puts no item in that takes more bytes.</summary>
    void LimitWriting(long itemBytes);
}
