namespace MultiProc.Boundary;

/// <summary>The other process's stack trace in an exception that came from there.</summary>
internal static class FaultTrace
{
    /// <summary>The line between the frames of the other process and those of this one.</summary>
    public const string End = "--- End of stack trace from previous location ---";

    /// <summary>The trace, with <see cref="End"/> if the exception is the outermost; null when it came without one.</summary>
    public static string? Of(Exception exception) => ExceptionContent.RemoteStackTrace(exception);

    public static void Set(Exception exception, string trace) => ExceptionContent.RemoteStackTrace(exception) = trace;
}
