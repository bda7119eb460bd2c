using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Calls;

/// <summary>One worker, as seen from inside it.</summary>
/// <param name="depth">How deep it is nested: 1 for a worker of an ordinary process.</param>
/// <param name="callToken">The token of the call that is running now; one that is never signalled when none is.</param>
/// <param name="log">Takes a log entry to the host.</param>
internal sealed class WorkerIdentity(int depth, Func<CancellationToken> callToken, Action<LogEntry> log)
{
    private volatile Place _place = new(-1, "");

    public int Slot => _place.Slot;

    public string Name => _place.Name;

    public int Depth => depth;

    public CancellationToken CallToken => callToken();

    public void Log(LogEntry entry) => log(entry);

    /// <summary>The worker fills a slot from now on.</summary>
    public void Assign(int slot, string name) => _place = new Place(slot, name);

    private sealed record Place(int Slot, string Name);
}
