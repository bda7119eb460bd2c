using System.Reflection;
using MultiProc.Boundary;
using MultiProc.Live;

namespace MultiProc.Scheduling;

/// <summary>The options of a call or a map, with the pool's defaults.</summary>
/// <param name="Label">The function's name, or the caller's own.</param>
/// <param name="Timeout">The time limit of each item; null: none.</param>
/// <param name="MaxAttempts">How often an item may begin.</param>
/// <param name="Priority">Higher begins first.</param>
/// <param name="AffinityKey">Equal keys share a runner; null: any.</param>
internal sealed record CallPolicy(string Label, TimeSpan? Timeout, int MaxAttempts, int Priority, string? AffinityKey)
{
    /// <summary>The time that the function may go on after its token was signalled; null: that of the dispatcher's settings.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Calls that run longer than this are logged, once; null: none.</summary>
    public TimeSpan? SlowThreshold { get; init; }

    /// <summary>Whether its items are timed.</summary>
    public bool IsTimed => Timeout is not null || SlowThreshold is not null;

    /// <summary>The called method; null: unknown.</summary>
    public MethodInfo? Function { get; init; }

    /// <summary>How objects from workers are read: the pool's rules for types of others, and its limits.</summary>
    public ILiveImports Imports { get; init; } = NoLiveImports.Instance;
}
