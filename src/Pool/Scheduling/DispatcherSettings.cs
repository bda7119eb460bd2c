using MultiProc.Diagnostics;
using MultiProc.Insights;
using MultiProc.Records;

namespace MultiProc.Scheduling;

/// <summary>What the dispatcher needs of the pool's options.</summary>
/// <param name="MaxTasksPerRunner">Items that one runner may run; null: no limit.</param>
/// <param name="MaxRunnerMemoryBytes">Physical memory above which a runner retires; null: no limit.</param>
/// <param name="GracePeriod">How long a function may go on after its token was signalled.</param>
/// <param name="Places">The places of a bounded queue, one for each item that waits; null: unbounded.</param>
internal sealed record DispatcherSettings(int? MaxTasksPerRunner, long? MaxRunnerMemoryBytes, TimeSpan GracePeriod, SemaphoreSlim? Places)
{
    /// <summary>Does something soon, on another thread.</summary>
    public required Action<Action> Defer { get; init; }

    /// <summary>How long may be spent on finding out where a call is stuck before its runner is made to end.</summary>
    public TimeSpan StackCaptureTimeout { get; init; }

    /// <summary>So many runners can really run at the same time.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Told when the pool fails; null: nobody is.</summary>
    public PoolLog? Log { get; init; }

    /// <summary>Told while ends are told: then listeners to spans, and types that act when they are read, may end the pool; null: nobody is.</summary>
    public Callbacks? Callbacks { get; init; }

    /// <summary>Saves calls that fail; null: nobody does.</summary>
    public CallRecorder? Recorder { get; init; }

    /// <summary>Told how long work waits and runs; null: nobody is.</summary>
    public PoolMetrics? Metrics { get; init; }

    /// <summary>Whether what is sent to runners leaves this process, and so counts for the metrics.</summary>
    public bool CountsBytes { get; init; } = true;

    /// <summary>Told what each worker has done; null: nobody asked.</summary>
    public InsightsLedger? Insights { get; init; }
}
