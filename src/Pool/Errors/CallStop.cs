namespace MultiProc;

/// <summary>The rung of the ladder on which a function past its limit was stopped.</summary>
public enum CallStop
{
    /// <summary>It observed its cancellation token within the grace period; its worker lives on.</summary>
    CancellationToken,

    /// <summary>It ignored its token; its worker was asked by the operating system to end (SIGTERM) and did.</summary>
    Termination,

    /// <summary>Its worker ignored that too, and was killed with all processes it had started.</summary>
    Kill,
}
