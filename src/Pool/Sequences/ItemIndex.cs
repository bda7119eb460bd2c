namespace MultiProc.Sequences;

/// <summary>The position of the item that failed, in the <see cref="Exception.Data"/> of a map's exception.</summary>
internal static class ItemIndex
{
    private const string Key = "Index";

    /// <summary>
    /// The same under a name that no exception of others has, beside <see cref="FailedItem"/>'s argument.
    /// </summary>
    public const string FullKey = "MultiProc.Index";

    /// <summary>
    /// Stores the position, unless the exception's own <see cref="Exception.Data"/> rejects it: the failure itself
    /// matters more.
    /// </summary>
    public static void Set(Exception error, long index)
    {
        try
        {
            error.Data[Key] = index;
            error.Data[FullKey] = index;
        }
        catch (Exception)
        {
            // The property is virtual, and an override may throw.
        }
    }

    /// <summary>The stored position; 0 if there is none.</summary>
    public static long Of(Exception error)
    {
        try
        {
            return error.Data[Key] is long index ? index : 0;
        }
        catch (Exception)
        {
            // As above.
            return 0;
        }
    }
}
