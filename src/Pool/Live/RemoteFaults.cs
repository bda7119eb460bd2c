using MultiProc.Boundary;

namespace MultiProc.Live;

/// <summary>Exceptions that come from workers.</summary>
internal static class RemoteFaults
{
    /// <summary>The exception that <paramref name="body"/> describes, as itself if possible.</summary>
    public static Exception Read(ReadOnlyMemory<byte> body, ILiveImports live, CallFunctions sent = default)
    {
        var fault = Faults.Read(body, Substitute, Trust.InWorkers, sent, live);
        return fault.Exception ?? Substitute(fault);
    }

    public static NotSerializableException NotSerializable(BoundaryException refusal) => new(refusal.Path, refusal.Type, refusal.Message, refusal);

    private static RemoteException Substitute(RemoteFault fault) =>
        new(fault.TypeName, fault.Message, fault.StackTrace, fault.Inner is { } inner ? inner.Exception ?? Substitute(inner) : null);
}
