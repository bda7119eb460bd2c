using MultiProc.Protocol.Calls;

namespace MultiProc.Diagnostics;

/// <summary>
/// A subscription that logs, once for each pool, that the application's listener to spans threw. Thread-safe.
/// </summary>
internal sealed class ListenerWatch : IDisposable
{
    private readonly PoolLog _log;
    private int _hasFailed;

    public ListenerWatch(PoolLog log)
    {
        _log = log;
        ListenerFailures.Happened += OnFailure;
    }

    public void Dispose() => ListenerFailures.Happened -= OnFailure;

    private void OnFailure(Exception exception)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            _log.TraceListenerFailed(exception);
        }
    }
}
