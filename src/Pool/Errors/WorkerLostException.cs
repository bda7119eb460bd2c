namespace MultiProc;

/// <summary>The worker process ended while it was running this call. Only this call fails; the worker is replaced.</summary>
public sealed class WorkerLostException : ProcessPoolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and the way out.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public WorkerLostException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code; null when a signal ended the process or the code is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended the process, such as <c>SIGKILL</c>; null when it ended by itself, and on Windows.</summary>
    public string? Signal { get; init; }

    /// <summary>The worker's slot.</summary>
    public int Slot { get; init; }

    /// <summary>The worker's process id.</summary>
    public int ProcessId { get; init; }

    /// <summary>The last lines that the worker wrote to standard error (at most 8,192 characters): the runtime's own crash text is there. Empty when there were none.</summary>
    public string StandardErrorTail { get; init; } = "";

    /// <summary>The file with the worker's memory at the time of its crash; null when there is none, as without <see cref="ProcessPoolOptions.DumpOnCrash"/>.</summary>
    public string? DumpPath { get; init; }

    /// <summary>The function that was running.</summary>
    public string Function { get; init; } = "";
}
