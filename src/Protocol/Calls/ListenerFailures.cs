namespace MultiProc.Protocol.Calls;

/// <summary>
/// The exceptions of listeners to spans. Listeners run in the middle of a call, on its thread; their exceptions must
/// not interrupt it, and are reported here. Separate from <see cref="CallTrace"/>, so that subscribing creates no
/// activity source. Thread-safe.
/// </summary>
internal static class ListenerFailures
{
    /// <summary>Raised for each exception. Handlers must not throw.</summary>
    public static event Action<Exception>? Happened;

    public static void Report(Exception exception) => Happened?.Invoke(exception);
}
