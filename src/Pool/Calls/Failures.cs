using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>What a call's caller is told when it did not return: each failure with what happened, the values, and the way out.</summary>
internal static class Failures
{
    /// <summary>The function threw, or its result cannot be copied.</summary>
    public static Exception Of(Work work, ResultRecord record)
    {
        try
        {
            return record.Kind == RecordKind.NotSerializable ? NotSerializable(Refusal.Read(record.Body, Trust.InWorkers))
                : Fault(record.Body, WorkerResults.FunctionsOf(work));
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the bytes, the call must end, and truthfully.
            return new ProcessPoolException($"The failure of {work.Policy.Label} could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>The exception that <paramref name="body"/> describes, as itself if possible.</summary>
    public static Exception Fault(ReadOnlyMemory<byte> body, CallFunctions sent = default)
    {
        var fault = Faults.Read(body, Substitute, Trust.InWorkers, sent);
        return fault.Exception ?? Substitute(fault);
    }

    public static NotSerializableException NotSerializable(BoundaryException refusal) => new(refusal.Path, refusal.Type, refusal.Message, refusal);

    public static CallTimeoutException TimedOut(Work work, CallStop stop, string stackTrace = "")
    {
        var limit = work.Policy.Timeout ?? TimeSpan.Zero;
        var how = stop switch
        {
            CallStop.CancellationToken => "it stopped when its token was signalled, and its worker lives on",
            CallStop.Termination => "it ignored its token, so its worker was terminated and replaced",
            _ => "it ignored its token, so its worker was killed and replaced",
        };
        return new CallTimeoutException(
            $"{work.Policy.Label} ran past its time limit of {limit.TotalMilliseconds:0} ms; {how}. "
            + "Raise CallOptions.Timeout, or observe the CancellationToken that the function can take.")
        {
            Function = work.Policy.Label,
            Timeout = limit,
            StoppedBy = stop,
            RemoteStackTrace = stackTrace,
        };
    }

    public static WorkerLostException Lost(Work work, RunnerExit exit)
    {
        var attempts = work.Attempts.Count > 1 ? $" All {work.Attempts.Count} attempts failed: {string.Join("; ", work.Attempts)}." : "";
        var tail = exit.StandardErrorTail.Length == 0 ? "" : $"{Environment.NewLine}Its last words on standard error:{Environment.NewLine}{exit.StandardErrorTail}";
        var dump = exit.DumpPath is { } path ? $" Its memory is in {path}." : "";
        return new WorkerLostException(
            $"Worker w{exit.Slot} (process {exit.ProcessId}) was lost while it was running {work.Policy.Label}: {exit.Description}.{attempts} "
            + $"{LossCause.Of(exit)} "
            + $"The other calls go on. To run the call again in such a case, set {(work.IsOfMap ? nameof(MapOptions) : nameof(CallOptions))}.{nameof(CallOptions.MaxAttempts)} above {work.Policy.MaxAttempts}.{dump}{tail}")
        {
            ExitCode = exit.ExitCode,
            Signal = exit.Signal,
            Slot = exit.Slot,
            ProcessId = exit.ProcessId,
            StandardErrorTail = exit.StandardErrorTail,
            Function = work.Policy.Label,
            DumpPath = exit.DumpPath,
        };
    }

    private static RemoteException Substitute(RemoteFault fault) =>
        new(fault.TypeName, fault.Message, fault.StackTrace, fault.Inner is { } inner ? inner.Exception ?? Substitute(inner) : null);
}
