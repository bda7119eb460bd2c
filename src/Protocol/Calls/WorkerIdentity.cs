using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Calls;

/// <summary>The identity of this worker, as seen from inside it.</summary>
/// <param name="depth">How deep the worker is nested: 1 in a worker of an ordinary process.</param>
/// <param name="callToken">Returns the token of the running call, or one that is never signalled.</param>
/// <param name="log">Sends a log entry to the host.</param>
internal sealed class WorkerIdentity(int depth, Func<CancellationToken> callToken, Action<LogEntry> log)
{
    private volatile Place _place = new(-1, "");

    public int Slot => _place.Slot;

    public string Name => _place.Name;

    public int Depth => depth;

    public CancellationToken CallToken => callToken();

    public void Log(LogEntry entry) => log(entry);

    /// <summary>Assigns the slot and the name.</summary>
    public void Assign(int slot, string name) => _place = new Place(slot, name);

    private sealed record Place(int Slot, string Name);
}
