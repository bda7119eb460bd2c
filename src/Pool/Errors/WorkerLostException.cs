namespace MultiProc;

/// <summary>
/// The exception for a call whose worker process ended while it ran the call. Only this call fails; the worker is
/// replaced.
/// </summary>
public sealed class WorkerLostException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and what to do about it.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public WorkerLostException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code; null when a signal ended the process or the code is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// The signal that ended the process, such as <c>SIGKILL</c>; null when it ended by itself, and on Windows.
    /// </summary>
    public string? Signal { get; init; }

    /// <summary>The slot of the worker, from 0.</summary>
    public int Slot { get; init; }

    /// <summary>The process id of the worker.</summary>
    public int ProcessId { get; init; }

    /// <summary>
    /// The last lines that the worker wrote to standard error, at most 8,192 characters. The runtime's own crash report
    /// is among them. Empty when there were none.
    /// </summary>
    public string StandardErrorTail { get; init; } = "";

    /// <summary>
    /// The path of the worker's crash dump; null when there is none, as without
    /// <see cref="ProcessPoolOptions.DumpOnCrash"/>.
    /// </summary>
    public string? DumpPath { get; init; }

    /// <summary>The function that was running.</summary>
    public string Function { get; init; } = "";
}
