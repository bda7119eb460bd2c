namespace MultiProc;

/// <summary>A request over a pool's control pipe was refused.</summary>
public sealed class PoolControlException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What happened, the values, and the way out.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public PoolControlException(PoolControlError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why.</summary>
    public PoolControlError Error { get; }
}
