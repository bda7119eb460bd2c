namespace MultiProc.Protocol.Launch;

/// <summary>The names by which people recognize workers in a list of processes.</summary>
internal static class ProcessNames
{
    /// <summary>The default prefix of a worker's name: <c>mp:w2</c>.</summary>
    public const string DefaultKind = "mp";

    /// <summary>The name of the thread that a worker has only while it waits for a debugger.</summary>
    public const string WaitingThread = "mp-debug-wait";

    /// <summary>
    /// The maximum length of the prefix: Linux keeps 15 bytes of a process's name, and the longest worker name is
    /// <c>w4095</c>.
    /// </summary>
    public const int MaxKindLength = 9;

    public static string Of(string? kind, string worker) => $"{kind ?? DefaultKind}:{worker}";
}
