namespace MultiProc;

/// <summary>The exception for a request over a pool's control pipe that was refused.</summary>
public sealed class PoolControlException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">What happened, the values, and what to do about it.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public PoolControlException(PoolControlError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The reason why the request was refused.</summary>
    public PoolControlError Error { get; }
}
