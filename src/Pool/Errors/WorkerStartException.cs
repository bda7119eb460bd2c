namespace MultiProc;

/// <summary>
/// The exception for a worker that could not be started, did not become ready, or whose initializer failed. The cause
/// is the inner exception.
/// </summary>
public sealed class WorkerStartException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and what to do about it.</param>
    /// <param name="innerException">
    /// The cause, such as the initializer's own exception; null when there is none.
    /// </param>
    public WorkerStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// The last lines that the worker wrote to standard error, at most 8,192 characters. Empty when there were none.
    /// </summary>
    public string StandardErrorTail { get; init; } = "";

    /// <summary>
    /// Whether another process killed the worker during its start. That does not predict whether the next start will
    /// succeed.
    /// </summary>
    internal bool WasKilled { get; init; }

    /// <summary>
    /// Whether the files that workers are started from differ from those that this process runs. The next start
    /// succeeds as soon as they are back.
    /// </summary>
    internal bool IsOtherBuild { get; init; }
}
