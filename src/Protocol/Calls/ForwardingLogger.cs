using Microsoft.Extensions.Logging;
using MultiProc.Protocol.Messages;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// Takes log lines from a worker to a logger of the host, where its filters decide. Thread-safe; scopes follow the flow of async calls, and are those of all such loggers.
/// </summary>
/// <param name="category">The category of a logger that the host's factory is to make; empty for one that it passed.</param>
/// <param name="number">The number of the logger that the host passed; 0: none.</param>
/// <param name="send">Takes a line to the host.</param>
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

    /// <summary>The stand-in for the logger that the host passed under <paramref name="number"/>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="type"><see cref="ILogger"/>, or an <see cref="ILogger{T}"/>.</param>
    /// <param name="send">Takes a line to the host.</param>
    public static object Create(int number, Type type, Action<LogEntry> send) => type.IsConstructedGenericType
        ? Activator.CreateInstance(typeof(ForwardingLogger<>).MakeGenericType(type.GetGenericArguments()), number, send)!
        : new ForwardingLogger("", number, send);
}

/// <inheritdoc/>
internal sealed class ForwardingLogger<T>(int number, Action<LogEntry> send) : ForwardingLogger("", number, send), ILogger<T>;
