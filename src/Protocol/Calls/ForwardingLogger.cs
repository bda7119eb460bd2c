using Microsoft.Extensions.Logging;
using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// A logger in a worker that forwards entries to a logger of the host, whose filters apply. Thread-safe; scopes follow
/// the async flow, and are shared by all such loggers.
/// </summary>
/// <param name="category">
/// The category of the logger that the host's factory creates; empty for one that the host passed.
/// </param>
/// <param name="number">The number of the logger that the host passed; 0: none.</param>
/// <param name="send">Sends an entry to the host.</param>
internal class ForwardingLogger(string category, int number, Action<LogEntry> send) : ILogger
{
    private static readonly LoggerExternalScopeProvider Scopes = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var scopes = new List<string>();
        Scopes.ForEachScope(static (scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
        send(new LogEntry(
            (int)logLevel, eventId.Id, eventId.Name ?? "", category, formatter(state, exception), exception?.ToString() ?? "", scopes, number));
    }

    /// <summary>
    /// Creates the logger that forwards to the one that the host passed as <paramref name="number"/>.
    /// </summary>
    /// <param name="number">The number of the host's logger.</param>
    /// <param name="type"><see cref="ILogger"/>, or an <see cref="ILogger{T}"/>.</param>
    /// <param name="send">Sends an entry to the host.</param>
    public static object Create(int number, Type type, Action<LogEntry> send) => type.IsConstructedGenericType
        ? Activator.CreateInstance(typeof(ForwardingLogger<>).MakeGenericType(type.GetGenericArguments()), number, send)!
        : new ForwardingLogger("", number, send);
}

/// <inheritdoc/>
internal sealed class ForwardingLogger<T>(int number, Action<LogEntry> send) : ForwardingLogger("", number, send), ILogger<T>;
