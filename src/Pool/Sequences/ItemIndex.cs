namespace MultiProc.Sequences;

/// <summary>The position of the item that failed, in the <see cref="Exception.Data"/> of a map's exception.</summary>
internal static class ItemIndex
{
    private const string Key = "Index";

    /// <summary>The same under a name that no exception of others has, beside <see cref="FailedItem"/>'s argument.</summary>
    public const string FullKey = "MultiProc.Index";

    /// <summary>Notes it, unless the exception's own <see cref="Exception.Data"/> does not take it: the failure itself matters more.</summary>
    public static void Set(Exception error, long index)
    {
        try
        {
            error.Data[Key] = index;
            error.Data[FullKey] = index;
        }
        catch (Exception)
        {
            // The property is virtual, and what it does is the user's.
        }
    }

    /// <summary>What was noted; 0 when nothing was.</summary>
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
