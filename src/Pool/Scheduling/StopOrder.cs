namespace MultiProc.Scheduling;

/// <summary>That a runner is to be made to end, and why.</summary>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Because">The reason in words, as a clause that follows "because", with the values; it is logged and told to callers.</param>
internal sealed record StopOrder(StopCause Cause, string Because)
{
    /// <summary>The unit and the item that ran past its limit; the number of no unit for another cause.</summary>
    public (long Unit, int Item) Call { get; init; }
}
