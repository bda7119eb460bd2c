namespace MultiProc.Protocol.Calls;

/// <summary>The target of the host's chunk sizes, and of how long a worker collects the results of a chunk.</summary>
internal static class ChunkTarget
{
    /// <summary>The target duration of a chunk of a map, unless the caller sets its size.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(4);
}
