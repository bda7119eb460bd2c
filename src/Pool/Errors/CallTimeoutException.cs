namespace MultiProc;

/// <summary>The exception for a call whose function ran past its time limit and was stopped.</summary>
public sealed class CallTimeoutException : TimeoutException
{
    private string _remoteStackTrace = "";

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, the values, and what to do about it.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public CallTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The function that ran past its limit.</summary>
    public string Function { get; init; } = "";

    /// <summary>The time limit of the call.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>
    /// The managed stack of the worker's thread that ran the call, with files and lines, captured just before the
    /// worker was ended. Empty if the function stopped by itself, and if the stack could not be captured. Capturing
    /// works on Linux, while no debugger is attached, within <see cref="ProcessPoolOptions.StackCaptureTimeout"/>,
    /// unless the runtime's diagnostics are switched off.
    /// </summary>
    public string RemoteStackTrace
    {
        get => _remoteStackTrace;
        init => _remoteStackTrace = value;
    }

    /// <summary>
    /// The path of the worker's memory dump of that time; null when there is none, as without
    /// <see cref="ProcessPoolOptions.DumpOnTimeout"/>.
    /// </summary>
    public string? DumpPath { get; init; }

    /// <summary>How the function was stopped.</summary>
    public CallStop StoppedBy { get; init; }

    /// <summary>Appends a line to the stack trace, if there is one.</summary>
    internal void AddToStackTrace(string line) => _remoteStackTrace = _remoteStackTrace.Length == 0 ? "" : $"{_remoteStackTrace}{Environment.NewLine}{line}";

    /// <summary>The text of this exception, with the stack of the worker.</summary>
    public override string ToString() =>
        RemoteStackTrace.Length == 0 ? base.ToString() : $"{base.ToString()}{Environment.NewLine}The worker was stuck here:{Environment.NewLine}{RemoteStackTrace}";
}
