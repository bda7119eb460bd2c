namespace MultiProc.Scheduling;

/// <summary>Where work is.</summary>
internal enum WorkStage : byte
{
    /// <summary>Not yet accepted.</summary>
    New,

    /// <summary>In the queue.</summary>
    Queued,

    /// <summary>Handed to a runner.</summary>
    Assigned,

    /// <summary>Every item has ended, or the caller no longer waits.</summary>
    Ended,
}
