using Microsoft.Extensions.Logging;
using MultiProc.Protocol.Messages;

namespace MultiProc.Context;

/// <summary>Takes log lines from a worker to the host, where its filters decide. Thread-safe; scopes follow the flow of async calls.</summary>
internal sealed class ForwardingLogger(string category, Action<LogEntry> send) : ILogger
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
            (int)logLevel, eventId.Id, eventId.Name ?? "", category, formatter(state, exception), exception?.ToString() ?? "", scopes));
    }
}
