using MultiProc.Insights;

namespace MultiProc;

/// <summary>
/// Where a pool's time went, when the snapshot was taken; see <see cref="ProcessPool.Insights"/>. Immutable. <see cref="ToString"/> is a table to be read.
/// </summary>
public sealed record PoolInsights
{
    /// <summary>The workers, by slot. A slot's times are those of all processes that have filled it.</summary>
    public IReadOnlyList<WorkerInsights> Workers { get; init; } = [];

    /// <summary>The calls, and chunks of maps, that took longest, slowest first: at most five.</summary>
    public IReadOnlyList<SlowCall> SlowestCalls { get; init; } = [];

    /// <summary>A table of the workers and a list of the slowest calls.</summary>
    public override string ToString() => InsightsText.Of(this);
}
