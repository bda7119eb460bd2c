using System.Globalization;
using System.Text;

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
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("worker    calls     start      init      wait      work  work share");
        foreach (var worker in Workers)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{worker.Name,-6} {worker.Calls,8} {Seconds(worker.Starting)} {Seconds(worker.Initializing)} {Seconds(worker.Waiting)} {Seconds(worker.Working)} {worker.WorkShare,11:P1}");
        }

        if (SlowestCalls.Count > 0)
        {
            text.AppendLine().AppendLine("slowest calls");
        }

        foreach (var call in SlowestCalls)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Seconds(call.Duration)}  {call.Worker}  {call.Function}{(call.Arguments.Length == 0 ? "" : $" ({call.Arguments})")}");
        }

        return text.ToString();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(7) + " s";
}
