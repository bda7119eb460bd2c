namespace MultiProc.Protocol.Messages;

/// <summary>
/// A unit of work for a worker: a call, or items that share one function. The items are neighbours of a map, or calls
/// that were submitted one after another.
/// </summary>
/// <param name="Id">The id, which is unique in the pool.</param>
/// <param name="FirstItem">The number of the first item within the original unit; 0 for a call.</param>
/// <param name="Count">The number of items; 1 for a call.</param>
/// <param name="IsSequence">
/// Whether <paramref name="Body"/> contains items (each a length and a graph) instead of one graph.
/// </param>
/// <param name="IsTimed">Whether the host enforces a time limit for each item.</param>
/// <param name="Function">
/// The graph of the function, for a sequence and for a call whose function captures nothing; otherwise empty.
/// </param>
/// <param name="Body">
/// The items; the graph of the arguments; or, if <paramref name="Function"/> is empty, the graph of function and
/// arguments.
/// </param>
/// <param name="Trace">The trace context, see <see cref="Calls.CallTrace"/>; null: none.</param>
internal readonly record struct WorkUnit(
    long Id, int FirstItem, int Count, bool IsSequence, bool IsTimed, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Body, string? Trace = null)
{
    /// <summary>The id on the status page while no unit is running.</summary>
    public const long NoId = 0;

    /// <summary>The id of the warm-up call of a standby worker, whose result is dropped.</summary>
    public const long WarmupId = -1;
}
