namespace MultiProc.Protocol.Calls;

/// <summary>
/// The identity of this worker process; null in the host. The library's <c>WorkerContext</c> exposes it to user code.
/// </summary>
internal static class CurrentWorker
{
    /// <summary>Set once, before any user code runs.</summary>
    public static WorkerIdentity? Identity { get; set; }
}
