namespace MultiProc.Protocol.Messages;

/// <summary>What a result record says about its items.</summary>
internal enum RecordKind : byte
{
    /// <summary>Each item returned: a length and the graph of its result, one after another.</summary>
    Values = 0,

    /// <summary>The one item threw: the exception as written by <see cref="Boundary.Faults"/>.</summary>
    Fault = 1,

    /// <summary>The one item's result cannot cross: path, type name and message.</summary>
    NotSerializable = 2,

    /// <summary>These items were recalled, or skipped because they were cancelled, before they began. No body.</summary>
    Returned = 3,

    /// <summary>The one item returned, and its result is in a block: see <see cref="IncomingResults"/>.</summary>
    Placed = 4,

    /// <summary>So long the items of a unit ran, all together: nanoseconds (8), little-endian. It stands before the record of the last of them, and ends none.</summary>
    Took = 5,
}
