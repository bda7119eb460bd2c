namespace MultiProc.Scheduling;

/// <summary>Why a runner is terminated.</summary>
internal enum StopCause
{
    /// <summary>A call ran past its time limit. Its stack is captured if possible.</summary>
    TimeLimit,

    /// <summary>A call was cancelled and went on.</summary>
    Cancellation,

    /// <summary>It sent nonsense, or broke the rules of the protocol.</summary>
    Misbehaviour,

    /// <summary>Its debugger has ended and left it stopped.</summary>
    LostDebugger,

    /// <summary>A client of the control pipe asked for it.</summary>
    Request,
}
