namespace MultiProc.Boundary;

/// <summary>
/// Bytes that are not a graph this process can read: malformed, truncated, hostile, or written by other assemblies than it has.
/// </summary>
internal sealed class BoundaryFormatException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The simple name of the assembly that this process could not load; null: that was not the cause.</summary>
    public string? MissingAssembly { get; init; }
}
