using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MultiProc.Diagnostics;

/// <summary>
/// A logger that keeps the pool's last log lines, for clients of its control pipe, and passes all lines on. Never
/// throws. Thread-safe.
/// </summary>
internal sealed class RecentEvents : ILogger
{
    private const int MaxEvents = 20;

    private readonly ILogger _next;
    private readonly TimeProvider _time;
    private readonly Callbacks _callbacks;
    private readonly Queue<PoolEvent> _events = new();

    public RecentEvents(ILogger next, TimeProvider time, Callbacks? callbacks = null) => (_next, _time, _callbacks) = (next, time, callbacks ?? new Callbacks());

    /// <summary>
    /// Creates a logger that passes lines on to the application's logger, if it has one that can be created.
    /// </summary>
    public static RecentEvents Create(ILoggerFactory? factory, TimeProvider time, Callbacks callbacks)
    {
        try
        {
            using var scope = callbacks.Enter();
            return new RecentEvents(factory?.CreateLogger(PoolLog.Category) ?? NullLogger.Instance, time, callbacks);
        }
        catch (Exception failure)
        {
            var events = new RecentEvents(NullLogger.Instance, time, callbacks);
            events.Add($"The application's logger factory made no logger: {Describe(failure)}");
            return events;
        }
    }

    public IReadOnlyList<PoolEvent> Snapshot()
    {
        lock (_events)
        {
            return [.. _events];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _next.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            var text = formatter(state, exception);
            Add(exception is null ? text : $"{text}: {MessageOf(exception)}");
            using var scope = _callbacks.Enter();
            if (_next.IsEnabled(logLevel))
            {
                _next.Log(logLevel, eventId, state, exception, formatter);
            }
        }
        catch (Exception failure)
        {
            // The event that was logged goes on: a lost worker must be replaced even if nobody could log its loss.
            Add($"The application's logger threw {Describe(failure)}");
        }
    }

    private static string Describe(Exception failure) => $"{failure.GetType().Name}: {MessageOf(failure)}";

    // The exception may be a type of the application, whose message may throw in turn.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception)
        {
            return "(its message cannot be read)";
        }
    }

    private void Add(string text)
    {
        lock (_events)
        {
            _events.Enqueue(new PoolEvent(_time.GetUtcNow(), text));
            if (_events.Count > MaxEvents)
            {
                _events.Dequeue();
            }
        }
    }
}
