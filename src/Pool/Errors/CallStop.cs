namespace MultiProc;

/// <summary>The step of the escalation that stopped a function past its limit.</summary>
public enum CallStop
{
    /// <summary>The function observed its cancellation token within the grace period. Its worker lives on.</summary>
    CancellationToken,

    /// <summary>
    /// The function ignored its token. The operating system asked its worker to end (SIGTERM), and it did.
    /// </summary>
    Termination,

    /// <summary>The worker ignored that, too. It was killed with all processes that it had started.</summary>
    Kill,
}
