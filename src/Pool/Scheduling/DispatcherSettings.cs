namespace MultiProc.Scheduling;

/// <summary>The pool's options, as far as the dispatcher needs them.</summary>
/// <param name="MaxTasksPerRunner">The maximum number of items of one runner; null: no limit.</param>
/// <param name="MaxRunnerMemoryBytes">Physical memory above which a runner retires; null: no limit.</param>
/// <param name="GracePeriod">The time that a function may go on after its token was signalled.</param>
/// <param name="QueuePermits">The permits of a bounded queue, one for each waiting item; null: unbounded.</param>
internal sealed record DispatcherSettings(int? MaxTasksPerRunner, long? MaxRunnerMemoryBytes, TimeSpan GracePeriod, SemaphoreSlim? QueuePermits)
{
    /// <summary>Runs an action soon, on another thread.</summary>
    public required Action<Action> Defer { get; init; }

    /// <summary>The maximum time for capturing the stack of a stuck call before its runner is terminated.</summary>
    public TimeSpan StackCaptureTimeout { get; init; }

    /// <summary>The number of runners that can run at the same time.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Observes work; null: none.</summary>
    public IWorkObserver? Observer { get; init; }
}
