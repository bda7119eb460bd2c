using MultiProc.Protocol.Calls;

namespace MultiProc.Diagnostics;

/// <summary>Logs, once for each pool, that a listener of the application threw when it was told of a span. Thread-safe.</summary>
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
