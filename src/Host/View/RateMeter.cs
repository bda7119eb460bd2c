using System.Diagnostics;

namespace MultiProc.Host.View;

/// <summary>What changed between two looks at a pool, per second: calls ended, and processor time of each worker.</summary>
internal sealed class RateMeter
{
    private PoolInfo? _before;
    private long _seen;

    /// <summary>Calls that end per second; 0 at the first look.</summary>
    public double CallsPerSecond { get; private set; }

    /// <summary>Processors in use by each worker process, by process id: 1 is one whole processor.</summary>
    public IReadOnlyDictionary<int, double> Processors { get; private set; } = new Dictionary<int, double>();

    public void Add(PoolInfo pool)
    {
        var now = Stopwatch.GetTimestamp();
        if (_before is { } before && Stopwatch.GetElapsedTime(_seen, now).TotalSeconds is > 0.05 and var seconds)
        {
            CallsPerSecond = Math.Max(0, (Ended(pool) - Ended(before)) / seconds);
            var earlier = before.Workers.DistinctBy(static worker => worker.ProcessId).ToDictionary(static worker => worker.ProcessId);
            Processors = pool.Workers.DistinctBy(static worker => worker.ProcessId).ToDictionary(
                static worker => worker.ProcessId,
                worker => earlier.TryGetValue(worker.ProcessId, out var then) ? Math.Max(0, (worker.ProcessorTime - then.ProcessorTime).TotalSeconds / seconds) : 0);
        }

        (_before, _seen) = (pool, now);
    }

    private static long Ended(PoolInfo pool) => pool.Statistics.Completed + pool.Statistics.Failed;
}
