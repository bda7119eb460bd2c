namespace MultiProc.Protocol.Launch;

/// <summary>The names by which people recognise workers in a list of processes.</summary>
internal static class ProcessNames
{
    /// <summary>What stands before the worker's name unless the pool's owner chose something else: <c>mp:w2</c>.</summary>
    public const string DefaultKind = "mp";

    /// <summary>The thread that a worker has while it waits for a debugger, and only then.</summary>
    public const string WaitingThread = "mp-debug-wait";

    /// <summary>The longest kind: Linux keeps 15 bytes of a process's name, and the longest worker's name is <c>w4095</c>.</summary>
    public const int MaxKindLength = 9;

    public static string Of(string? kind, string worker) => $"{kind ?? DefaultKind}:{worker}";
}
