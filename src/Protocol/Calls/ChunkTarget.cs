namespace MultiProc.Protocol.Calls;

/// <summary>What the host forms chunks for, and how long a worker keeps the results of one together.</summary>
internal static class ChunkTarget
{
    /// <summary>So long a chunk of a map is meant to take, if its size is not the caller's.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(4);
}
