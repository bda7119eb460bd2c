namespace MultiProc;

/// <summary>The base class of failures that occur only because a call runs in another process.</summary>
public class ProcessPoolException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and what to do about it.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public ProcessPoolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
