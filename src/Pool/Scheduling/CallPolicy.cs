using System.Reflection;

namespace MultiProc.Scheduling;

/// <summary>What the caller asked for, with the pool's defaults filled in.</summary>
/// <param name="Label">The function's name, or the caller's own.</param>
/// <param name="Timeout">The time limit of each item; null: none.</param>
/// <param name="MaxAttempts">How often an item may begin.</param>
/// <param name="Priority">Higher begins first.</param>
/// <param name="AffinityKey">Equal keys share a runner; null: any.</param>
internal sealed record CallPolicy(string Label, TimeSpan? Timeout, int MaxAttempts, int Priority, string? AffinityKey)
{
    /// <summary>The called method; null: it is not told.</summary>
    public MethodInfo? Function { get; init; }
}
