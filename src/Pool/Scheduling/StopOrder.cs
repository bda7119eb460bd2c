namespace MultiProc.Scheduling;

/// <summary>The order to terminate a runner, with the reason.</summary>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Because">The reason as a clause that follows "because", with the values; it appears in the log and in exceptions.</param>
internal sealed record StopOrder(StopCause Cause, string Because)
{
    /// <summary>The unit and the item that ran past its limit; the number of no unit for another cause.</summary>
    public (long Unit, int Item) Call { get; init; }
}
