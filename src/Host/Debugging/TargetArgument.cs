using System.CommandLine;

namespace MultiProc.Host.Debugging;

/// <summary>Which process a verb is about.</summary>
internal static class TargetArgument
{
    public static Argument<string> Create() => new("WORKER|PID")
    {
        Description = "A worker's name (w2), its process's name (mp:w2), POOL/w2 where several pools have one (POOL: its name, or its host's process id), or a process id.",
    };
}
