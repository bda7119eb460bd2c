using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The forwarding of log entries to the host, in order with everything else on the pipe. Texts longer than any log
/// needs are shortened, and say so.
/// </summary>
internal static class LogForwarding
{
    // Together less than MessageFormatter.MaxLogLine, for any characters.
    private const int MaxNameLength = 1_024;
    private const int MaxTextLength = 1 << 18;
    private const int MaxScopeLength = 4_096;
    private const int MaxScopes = 64;

    public static void Send(WorkerLink link, Inbox inbox, LogEntry entry) =>
        link.Notify(
            Methods.Log,
            [
                entry.Level, entry.EventId, Shorten(entry.EventName, MaxNameLength), Shorten(entry.Category, MaxNameLength), Shorten(entry.Message, MaxTextLength),
                Shorten(entry.Exception, MaxTextLength), entry.Scopes.Take(MaxScopes).Select(static scope => Shorten(scope, MaxScopeLength)).ToArray(),
                inbox.Current?.Unit.Id ?? 0, entry.Logger,
            ]);

    private static string Shorten(string text, int maxLength) =>
        text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, maxLength), $" ... ({text.Length - maxLength} characters more)");
}
