namespace MultiProc;

/// <summary>The function ran past its time limit and was stopped.</summary>
public sealed class CallTimeoutException : TimeoutException
{
    private string _remoteStackTrace = "";

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and the way out.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public CallTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The function that ran past its limit.</summary>
    public string Function { get; init; } = "";

    /// <summary>The limit.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>
    /// Where the worker was stuck: the managed stack of the thread that runs the calls, with files and lines, taken just before the worker was ended. Empty where
    /// the function stopped by itself, and where it could not be taken: it can on Linux, while no debugger is attached, within
    /// <see cref="ProcessPoolOptions.StackCaptureTimeout"/>, unless the runtime's diagnostics are switched off.
    /// </summary>
    public string RemoteStackTrace
    {
        get => _remoteStackTrace;
        init => _remoteStackTrace = value;
    }

    /// <summary>The file with the worker's memory at that time; null when there is none, as without <see cref="ProcessPoolOptions.DumpOnTimeout"/>.</summary>
    public string? DumpPath { get; init; }

    /// <summary>How the function was stopped.</summary>
    public CallStop StoppedBy { get; init; }

    /// <summary>Adds a line, if there is a trace.</summary>
    internal void AddToStackTrace(string line) => _remoteStackTrace = _remoteStackTrace.Length == 0 ? "" : $"{_remoteStackTrace}{Environment.NewLine}{line}";

    /// <summary>This exception's text, with where the worker was stuck.</summary>
    public override string ToString() =>
        RemoteStackTrace.Length == 0 ? base.ToString() : $"{base.ToString()}{Environment.NewLine}The worker was stuck here:{Environment.NewLine}{RemoteStackTrace}";
}
