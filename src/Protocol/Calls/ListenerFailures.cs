namespace MultiProc.Protocol.Calls;

/// <summary>
/// What listeners to spans threw. They are called in the midst of a call, on whatever thread that is at: what they throw must not come between its steps, and
/// is told here. Apart from <see cref="CallTrace"/>, so that who only wants to be told creates no source. Thread-safe.
/// </summary>
internal static class ListenerFailures
{
    /// <summary>Told each of them. Must not throw.</summary>
    public static event Action<Exception>? Happened;

    public static void Report(Exception exception) => Happened?.Invoke(exception);
}
