namespace MultiProc;

/// <summary>The base of the failures that only exist because a call runs in another process.</summary>
public class ProcessPoolException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and the way out.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public ProcessPoolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
