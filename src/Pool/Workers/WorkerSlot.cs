namespace MultiProc.Workers;

/// <summary>
/// A place in the pool for a worker. It outlives the processes that fill it. Guarded by the supervisor's lock.
/// </summary>
internal sealed class WorkerSlot(int index)
{
    public int Index => index;

    /// <summary>The worker that fills the slot; null while none is ready.</summary>
    public IWorker? Current { get; set; }

    /// <summary>The id of the process that is starting; 0: none.</summary>
    public int StartingProcessId { get; set; }

    /// <summary>Whether a replacement is being started.</summary>
    public bool IsReplacing { get; set; }

    /// <summary>Whether the pool became smaller: the worker leaves, and is not replaced.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>The number of processes that filled the slot before the current one.</summary>
    public int Restarts { get; set; }

    /// <summary>
    /// The number of failures in a row: starts that failed, and workers that ended by themselves early and before they
    /// had completed a call.
    /// </summary>
    public int FailuresInRow { get; private set; }

    /// <summary>
    /// The number of workers in a row that were killed from outside. Such a kill says little about what the next worker
    /// will do.
    /// </summary>
    private int KillsInRow { get; set; }

    /// <summary>Counts a start that failed, or a worker that ended before it had completed a call.</summary>
    public void CountFailure(bool wasKilled)
    {
        if (!wasKilled || ++KillsInRow % RestartDelay.KillsPerFailure == 0)
        {
            FailuresInRow++;
        }
    }

    /// <summary>Resets the counts: a worker has completed a call before it was lost.</summary>
    public void ResetFailures() => (FailuresInRow, KillsInRow) = (0, 0);
}
