namespace MultiProc.Protocol.Messages;

/// <summary>The kind of a result record, which says what happened to its items.</summary>
internal enum RecordKind : byte
{
    /// <summary>
    /// Each item returned. The body contains a length and the graph of the result for each, in order.
    /// </summary>
    Values = 0,

    /// <summary>The one item threw. The body is the exception as written by <see cref="Boundary.Faults"/>.</summary>
    Fault = 1,

    /// <summary>The one item's result cannot be serialized. The body contains path, type name and message.</summary>
    NotSerializable = 2,

    /// <summary>
    /// These items were recalled, or skipped because they were cancelled, before they began. No body.
    /// </summary>
    Returned = 3,

    /// <summary>The one item returned, and its result is in shared memory: see <see cref="IncomingResults"/>.</summary>
    Placed = 4,

    /// <summary>
    /// The time that the items of a unit ran, all together, in nanoseconds (8), little-endian. It precedes the record
    /// of the last of them, and completes none.
    /// </summary>
    Took = 5,
}
