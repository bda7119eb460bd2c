namespace MultiProc.Scheduling;

/// <summary>The item that a runner says it is in.</summary>
/// <param name="Unit">The unit's id.</param>
/// <param name="Item">The item's number in the unit.</param>
/// <param name="Elapsed">How long it has been running.</param>
internal readonly record struct RunningItem(long Unit, int Item, TimeSpan Elapsed)
{
    /// <summary>Whether its arguments are decoded, and the function has been called: then its time limit runs.</summary>
    public bool IsDecoded { get; init; } = true;

    /// <summary>Whether the function was handed its token: only then can it see that the token is signalled.</summary>
    public bool HasToken { get; init; } = true;
}
