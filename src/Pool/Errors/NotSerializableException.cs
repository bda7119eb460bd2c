namespace MultiProc;

/// <summary>
/// The exception for an argument, captured variable or result that cannot be copied to the other process. Nothing was
/// sent, and the pool remains usable.
/// </summary>
public sealed class NotSerializableException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The path of the value.</param>
    /// <param name="type">The type that cannot be copied.</param>
    /// <param name="message">Why it cannot be copied, and what to do about it.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public NotSerializableException(string path, Type type, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
        Type = type;
    }

    /// <summary>
    /// The path of the value: <c>arg.Name</c> for the only argument, <c>arg2.Orders[3].Connection</c> for the second of
    /// several, <c>db.Connection</c> for a captured variable <c>db</c>, <c>result.Items[0]</c> for a result.
    /// </summary>
    public string Path { get; }

    /// <summary>The type that cannot be copied.</summary>
    public Type Type { get; }
}
