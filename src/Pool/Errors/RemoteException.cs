namespace MultiProc;

/// <summary>
/// The exception that replaces an exception of the function whose own type cannot be recreated in this process.
/// </summary>
public sealed class RemoteException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="remoteTypeName">The full name of the exception's type in the worker.</param>
    /// <param name="message">The exception's own message.</param>
    /// <param name="remoteStackTrace">The stack trace of the exception in the worker, as text.</param>
    /// <param name="innerException">The exception's inner exception; null when it had none.</param>
    public RemoteException(string remoteTypeName, string message, string remoteStackTrace, Exception? innerException = null)
        : base(message, innerException)
    {
        RemoteTypeName = remoteTypeName;
        RemoteStackTrace = remoteStackTrace;
    }

    /// <summary>The full name of the exception's type in the worker.</summary>
    public string RemoteTypeName { get; }

    /// <summary>The stack trace of the exception in the worker, as text; empty when it was never thrown.</summary>
    public string RemoteStackTrace { get; internal set; }

    /// <summary>The text of this exception, with the remote type and the remote stack trace.</summary>
    public override string ToString() =>
        $"{GetType().FullName} ({RemoteTypeName}): {Message}{Environment.NewLine}{RemoteStackTrace}"
        + (InnerException is null ? "" : $"{Environment.NewLine} ---> {InnerException}")
        + (StackTrace is null ? "" : $"{Environment.NewLine}{StackTrace}");
}
