using Microsoft.Extensions.Logging;

namespace MultiProc.Diagnostics;

/// <summary>Keeps the pool's last log lines, for whoever looks at it over its control pipe, and passes all on. Thread-safe.</summary>
internal sealed class RecentEvents(ILogger next, TimeProvider time) : ILogger
{
    private const int Kept = 20;

    private readonly Queue<PoolEvent> _events = new();

    public IReadOnlyList<PoolEvent> Snapshot()
    {
        lock (_events)
        {
            return [.. _events];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => next.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        Keep(exception is null ? text : $"{text}: {exception.Message}");
        try
        {
            if (next.IsEnabled(logLevel))
            {
                next.Log(logLevel, eventId, state, exception, formatter);
            }
        }
        catch (Exception failure)
        {
            // What was to be told goes on happening: a worker must be replaced though nobody could write down that it was lost.
            Keep($"The application's logger threw {failure.GetType().Name}: {failure.Message}");
        }
    }

    private void Keep(string text)
    {
        lock (_events)
        {
            _events.Enqueue(new PoolEvent(time.GetUtcNow(), text));
            if (_events.Count > Kept)
            {
                _events.Dequeue();
            }
        }
    }
}
