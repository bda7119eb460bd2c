namespace MultiProc;

/// <summary>A pool's counters when the snapshot was taken. Immutable. Calls are single calls and items of maps alike.</summary>
public sealed record PoolStatistics
{
    /// <summary>Workers that are ready: idle or busy.</summary>
    public int Workers { get; init; }

    /// <summary>Workers that are running a call.</summary>
    public int Busy { get; init; }

    /// <summary>Calls that were accepted and have not begun, wherever they wait.</summary>
    public long Queued { get; init; }

    /// <summary>Calls whose function returned.</summary>
    public long Completed { get; init; }

    /// <summary>Calls that ended in any other way: an exception, a lost worker, a time limit, a cancellation.</summary>
    public long Failed { get; init; }

    /// <summary>How often a call was begun again after its worker was lost.</summary>
    public long Retried { get; init; }

    /// <summary>Workers replaced because they were lost or killed.</summary>
    public int WorkersRestarted { get; init; }

    /// <summary>Workers replaced as planned: <see cref="ProcessPoolOptions.MaxTasksPerWorker"/>, <see cref="ProcessPoolOptions.MaxWorkerMemoryBytes"/>.</summary>
    public int WorkersRecycled { get; init; }
}
