namespace MultiProc.Scheduling;

/// <summary>Why a runner is made to end.</summary>
internal enum StopCause
{
    /// <summary>A call ran past its time limit: where it is stuck is to be seen, if that can be.</summary>
    TimeLimit,

    /// <summary>A call was cancelled and went on.</summary>
    Cancellation,

    /// <summary>It said something that makes no sense, or broke the rules of the protocol.</summary>
    Misbehaviour,

    /// <summary>Its debugger has ended and left it standing still.</summary>
    LostDebugger,

    /// <summary>Somebody asked for it, over the control pipe.</summary>
    Request,
}
