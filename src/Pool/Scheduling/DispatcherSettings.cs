namespace MultiProc.Scheduling;

/// <summary>What the dispatcher needs of the pool's options.</summary>
/// <param name="MaxTasksPerRunner">Items that one runner may run; null: no limit.</param>
/// <param name="MaxRunnerMemoryBytes">Physical memory above which a runner retires; null: no limit.</param>
/// <param name="GracePeriod">How long a function may go on after its token was signalled.</param>
/// <param name="QueuePermits">The places of a bounded queue, one for each item that waits; null: unbounded.</param>
internal sealed record DispatcherSettings(int? MaxTasksPerRunner, long? MaxRunnerMemoryBytes, TimeSpan GracePeriod, SemaphoreSlim? QueuePermits)
{
    /// <summary>Does something soon, on another thread.</summary>
    public required Action<Action> Defer { get; init; }

    /// <summary>How long may be spent on finding out where a call is stuck before its runner is made to end.</summary>
    public TimeSpan StackCaptureTimeout { get; init; }

    /// <summary>So many runners can really run at the same time.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Hears what happens to work; null: nobody does.</summary>
    public IWorkObserver? Observer { get; init; }
}
