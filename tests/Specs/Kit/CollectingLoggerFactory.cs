using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MultiProc.Specs.Kit;

/// <summary>Keeps every line that is logged, with the scopes around it.</summary>
internal sealed class CollectingLoggerFactory : ILoggerFactory
{
    private readonly ConcurrentQueue<Line> _lines = new();
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IReadOnlyCollection<Line> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public sealed record Line(string Category, LogLevel Level, EventId Event, string Message, Exception? Exception, IReadOnlyList<object?> Scopes)
    {
        /// <summary>What a scope that is a dictionary says under a name.</summary>
        public object? this[string name] => Scopes.OfType<IReadOnlyDictionary<string, object?>>().Select(scope => scope.GetValueOrDefault(name)).FirstOrDefault();
    }

    private sealed class Logger(CollectingLoggerFactory owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<object?>();
            owner._scopes.ForEachScope(static (scope, all) => all.Add(scope), scopes);
            owner._lines.Enqueue(new Line(category, logLevel, eventId, formatter(state, exception), exception, scopes));
        }
    }
}
