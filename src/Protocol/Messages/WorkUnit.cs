namespace MultiProc.Protocol.Messages;

/// <summary>What a worker is asked to run: a call, or items that share one function: neighbours of a map, or calls that were submitted one after another.</summary>
/// <param name="Id">Unique in the pool.</param>
/// <param name="FirstItem">The number of the first item within the unit as it was first formed; 0 for a call.</param>
/// <param name="Count">How many items; 1 for a call.</param>
/// <param name="IsSequence">Whether <paramref name="Body"/> holds items (each a length and a graph) instead of one graph.</param>
/// <param name="IsTimed">Whether the host watches how long each item runs.</param>
/// <param name="Function">The graph of the function, for a sequence and for a call whose function captures nothing; else empty.</param>
/// <param name="Body">The items; or the graph of the arguments; or of function and arguments, if <paramref name="Function"/> is empty.</param>
/// <param name="Trace">The trace that it belongs to, see <see cref="Calls.CallTrace"/>; null: none.</param>
internal readonly record struct WorkUnit(
    long Id, int FirstItem, int Count, bool IsSequence, bool IsTimed, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Body, string? Trace = null)
{
    /// <summary>The id on the status page while no unit is running.</summary>
    public const long NoId = 0;

    /// <summary>The id of the call that a standby makes to warm up. Nobody waits for its result.</summary>
    public const long WarmupId = -1;
}
