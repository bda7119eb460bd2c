namespace MultiProc;

/// <summary>A worker could not be started, did not become ready, or its initializer failed. The cause is the inner exception.</summary>
public sealed class WorkerStartException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and the way out.</param>
    /// <param name="innerException">The cause, such as the initializer's own exception; null when there is none.</param>
    public WorkerStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The last lines that the worker wrote to standard error. Empty when there were none.</summary>
    public string StandardErrorTail { get; init; } = "";

    /// <summary>Somebody killed the process while it was starting: that says nothing about whether the next start will succeed.</summary>
    internal bool WasKilled { get; init; }

    /// <summary>The files that workers are started from are not those that this process runs: the next start succeeds as soon as they are back.</summary>
    internal bool IsOtherBuild { get; init; }
}
