namespace MultiProc.Protocol.Messages;

/// <summary>The names of all JSON-RPC methods of a worker's pipe. Documented in <c>docs/protocol.md</c>.</summary>
internal static class Methods
{
    // Host to worker.
    public const string Initialize = "initialize";
    public const string Assign = "assign";
    public const string Run = "run";
    public const string Recall = "recall";
    public const string Cancel = "cancel";
    public const string Credit = "credit";
    public const string Free = "free";
    public const string Ping = "ping";
    public const string Compilation = "compilation";
    public const string Judged = "judged";
    public const string Shutdown = "shutdown";

    // Worker to host.
    public const string Done = "done";
    public const string Part = "part";
    public const string Report = "report";
    public const string Log = "log";
    public const string Unreadable = "unreadable";
}
