namespace MultiProc.Workers;

/// <summary>A place for a worker, which outlives the processes that fill it. Guarded by the supervisor's lock.</summary>
internal sealed class WorkerSlot(int index)
{
    public int Index => index;

    /// <summary>The process that fills it; null while none is ready.</summary>
    public IWorker? Current { get; set; }

    /// <summary>The process that is starting; 0: none.</summary>
    public int StartingProcessId { get; set; }

    /// <summary>A replacement is on its way.</summary>
    public bool IsReplacing { get; set; }

    /// <summary>The pool became smaller: whoever fills it leaves, and is not replaced.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Processes it has had before the present one.</summary>
    public int Restarts { get; set; }

    /// <summary>Starts that failed, and workers that ended by themselves soon and without having ended a call, in a row.</summary>
    public int FailuresInRow { get; private set; }

    /// <summary>The same for those that were killed from outside: it says little about what the next will do.</summary>
    private int KillsInRow { get; set; }

    /// <summary>A worker has come to nothing.</summary>
    public void CountFailure(bool wasKilled)
    {
        if (!wasKilled || ++KillsInRow % RestartDelay.KillsPerFailure == 0)
        {
            FailuresInRow++;
        }
    }

    /// <summary>A worker has done something before it was lost.</summary>
    public void ResetFailures() => (FailuresInRow, KillsInRow) = (0, 0);
}
