namespace MultiProc.Scheduling;

/// <summary>The item that a runner says it runs.</summary>
/// <param name="Unit">The unit's id.</param>
/// <param name="Item">The item's number in the unit.</param>
/// <param name="Elapsed">How long it has been running.</param>
internal readonly record struct RunningItem(long Unit, int Item, TimeSpan Elapsed)
{
    /// <summary>Whether its arguments are decoded and the function was called: its time limit runs from then on.</summary>
    public bool IsDecoded { get; init; } = true;

    /// <summary>Whether the function was given its token: only then can it see the signal.</summary>
    public bool HasToken { get; init; } = true;
}
