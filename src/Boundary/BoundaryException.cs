namespace MultiProc.Boundary;

/// <summary>A value cannot cross. The library turns it into its public <c>NotSerializableException</c>.</summary>
internal sealed class BoundaryException(string path, Type type, string message) : Exception(message)
{
    /// <summary>
    /// Where the value stands, such as <c>arg2.Orders[3].Connection</c>, <c>db.Connection</c> (captured variable <c>db</c>) or
    /// <c>result.Items[0]</c>.
    /// </summary>
    public string Path { get; } = path;

    /// <summary>The type that cannot cross.</summary>
    public Type Type { get; } = type;
}
