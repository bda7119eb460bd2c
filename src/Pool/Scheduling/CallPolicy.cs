using System.Reflection;
using MultiProc.Boundary;
using MultiProc.Live;

namespace MultiProc.Scheduling;

/// <summary>What the caller asked for, with the pool's defaults filled in.</summary>
/// <param name="Label">The function's name, or the caller's own.</param>
/// <param name="Timeout">The time limit of each item; null: none.</param>
/// <param name="MaxAttempts">How often an item may begin.</param>
/// <param name="Priority">Higher begins first.</param>
/// <param name="AffinityKey">Equal keys share a runner; null: any.</param>
internal sealed record CallPolicy(string Label, TimeSpan? Timeout, int MaxAttempts, int Priority, string? AffinityKey)
{
    /// <summary>How long the function may go on after its token was signalled; null: as the dispatcher's settings say.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Calls that run longer than this are logged, once; null: none is.</summary>
    public TimeSpan? SlowThreshold { get; init; }

    /// <summary>Whether somebody watches how long each item runs.</summary>
    public bool IsTimed => Timeout is not null || SlowThreshold is not null;

    /// <summary>The called method; null: it is not told.</summary>
    public MethodInfo? Function { get; init; }

    /// <summary>How what workers send is read: the pool's rules for types that are not its user's, and its limits.</summary>
    public ILiveImports Imports { get; init; } = NoLiveImports.Instance;
}
