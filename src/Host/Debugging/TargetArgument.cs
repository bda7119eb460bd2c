using System.CommandLine;

namespace MultiProc.Host.Debugging;

/// <summary>Which process a verb is about.</summary>
internal static class TargetArgument
{
    /// <summary>How a worker can be named.</summary>
    public const string Worker = "A worker's name (w2), its process's name (mp:w2), or POOL/w2 where several pools have one (POOL: its name, or its host's process id)";

    public static Argument<string> Create() => new("WORKER|PID") { Description = $"{Worker}; or a process id." };
}
