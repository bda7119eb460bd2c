namespace MultiProc.Scheduling;

/// <summary>The outcome of a run of a call, or of a chunk of a map, for metrics; see docs/telemetry.md.</summary>
/// <param name="Name">The tag <c>multiproc.outcome</c>.</param>
/// <param name="ErrorType">The tag <c>error.type</c>, by OpenTelemetry's conventions; null: the function returned.</param>
internal readonly record struct RunOutcome(string Name, string? ErrorType)
{
    public static readonly RunOutcome Returned = new("returned", null);

    /// <summary>Its caller no longer waited for it.</summary>
    public static readonly RunOutcome Cancelled = new("cancelled", typeof(OperationCanceledException).FullName);

    /// <summary>It ran past its time limit.</summary>
    public static readonly RunOutcome TimedOut = new("timed_out", typeof(CallTimeoutException).FullName);

    /// <summary>Its worker was lost; perhaps another attempt follows.</summary>
    public static readonly RunOutcome Lost = new("lost", typeof(WorkerLostException).FullName);

    public static RunOutcome Of(Exception error) => error switch
    {
        CallTimeoutException => TimedOut,
        WorkerLostException => Lost,
        OperationCanceledException => Cancelled,
        RemoteException { RemoteTypeName.Length: > 0 } remote => new RunOutcome("failed", remote.RemoteTypeName),
        _ => new RunOutcome("failed", error.GetType().FullName),
    };
}
