namespace MultiProc.Protocol.Calls;

/// <summary>What the worker process tells the library about itself; all null in the host. The library's <c>WorkerContext</c> shows it to user code.</summary>
internal static class CurrentWorker
{
    /// <summary>Set once, before any user code runs.</summary>
    public static WorkerIdentity? Identity { get; set; }
}
