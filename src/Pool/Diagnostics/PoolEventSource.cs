using System.Diagnostics.Tracing;

namespace MultiProc.Diagnostics;

/// <summary>
/// The event source "MultiProc": the counters of all pools of this process together, for tools that know event sources
/// and not meters. The counters are created when they are enabled.
/// </summary>
[EventSource(Name = SourceName)]
internal sealed class PoolEventSource : EventSource
{
    private const string SourceName = "MultiProc";

    // A plug-in may load the library into a load context of its own. Two sources of one name disable each other, so
    // only the first is created.
    private static readonly PoolEventSource? Only = GetSources().Any(static source => source.Name == SourceName) ? null : new PoolEventSource();

    private DiagnosticCounter[] _counters = [];

    /// <summary>Makes the counters available to tools.</summary>
    public static void Publish() => _ = Only;

    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Enable && _counters.Length == 0)
        {
            _counters =
            [
                Level("queue-length", "Calls that wait", static pool => pool.Queued),
                Level("workers", "Workers that are ready", static pool => pool.Workers),
                Level("busy-workers", "Workers that are busy", static pool => pool.Busy),
                Rate("completed-calls", "Calls that returned", static pool => pool.Completed),
                Rate("failed-calls", "Calls that failed", static pool => pool.Failed),
                Rate("restarted-workers", "Workers lost and replaced", static pool => pool.WorkersRestarted),
            ];
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var counter in _counters)
        {
            counter.Dispose();
        }

        base.Dispose(disposing);
    }

    private PollingCounter Level(string name, string text, Func<PoolStatistics, long> value) =>
        new(name, this, () => PoolMetrics.Statistics.Sum(value)) { DisplayName = text };

    // A pool that ends takes its total with it. The rate of that interval is then negative, and shown as it is.
    private IncrementingPollingCounter Rate(string name, string text, Func<PoolStatistics, long> value) =>
        new(name, this, () => PoolMetrics.Statistics.Sum(value)) { DisplayName = text, DisplayRateTimeScale = TimeSpan.FromSeconds(1) };
}
