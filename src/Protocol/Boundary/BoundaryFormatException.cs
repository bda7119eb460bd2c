namespace MultiProc.Protocol.Boundary;

/// <summary>
/// Bytes that are not a graph this process can read: malformed, truncated, hostile, or written by other assemblies than it has.
/// </summary>
internal sealed class BoundaryFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
