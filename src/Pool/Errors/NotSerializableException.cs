namespace MultiProc;

/// <summary>An argument, a captured variable or a result cannot be copied to the other process. Nothing was sent; the pool is as healthy as before.</summary>
public sealed class NotSerializableException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">Where the value stands.</param>
    /// <param name="type">Its type.</param>
    /// <param name="message">Why it cannot be copied, and the way out.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public NotSerializableException(string path, Type type, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
        Type = type;
    }

    /// <summary>
    /// Where the value stands: <c>arg.Name</c> for the only argument, <c>arg2.Orders[3].Connection</c> for the second of several,
    /// <c>db.Connection</c> for a captured variable <c>db</c>, <c>result.Items[0]</c> for a result.
    /// </summary>
    public string Path { get; }

    /// <summary>The type that cannot be copied.</summary>
    public Type Type { get; }
}
