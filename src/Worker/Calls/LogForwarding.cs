using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Worker.Calls;

/// <summary>Takes log entries to the host, in order with everything else on the pipe.</summary>
internal static class LogForwarding
{
    public static void Send(WorkerLink link, Inbox inbox, LogEntry entry) =>
        link.Notify(
            Methods.Log,
            [
                entry.Level, entry.EventId, entry.EventName, entry.Category, entry.Message, entry.Exception, entry.Scopes.ToArray(),
                inbox.Current?.Unit.Id ?? 0,
            ]);
}
