namespace MultiProc.Scheduling;

/// <summary>The runners behind a dispatcher: worker processes, or this process itself.</summary>
internal interface IWorkerSupervisor
{
    Dispatcher Dispatcher { get; }

    /// <summary>How many runners there should be.</summary>
    int Count { get; }

    /// <summary>Their slots.</summary>
    IReadOnlyList<int> Slots { get; }

    /// <summary>Runners replaced because they were lost.</summary>
    int Restarted { get; }

    /// <summary>Runners replaced as planned.</summary>
    int Recycled { get; }

    /// <summary>Completes when all are ready; fails when one cannot be started, and then none is left.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>What they are doing, by slot.</summary>
    IReadOnlyList<WorkerInfo> Snapshot();

    /// <summary>Changes their number.</summary>
    Task ResizeAsync(int count, CancellationToken cancellationToken);

    /// <summary>Ends the worker of a slot by force; it is replaced.</summary>
    /// <returns>Whether there was one.</returns>
    bool Kill(int slot);

    /// <summary>Replaces the worker of a slot once it has ended its call.</summary>
    /// <returns>Whether there was one.</returns>
    bool Recycle(int slot);

    /// <summary>Lets all leave; nothing is running.</summary>
    Task EndAsync();

    /// <summary>Ends all at once.</summary>
    Task EndNowAsync();
}
