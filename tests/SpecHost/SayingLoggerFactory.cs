using Microsoft.Extensions.Logging;

namespace MultiProc.SpecHost;

/// <summary>Says warnings and errors on standard output, each in a line.</summary>
internal sealed class SayingLoggerFactory : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Console.Out.WriteLine($"log {formatter(state, exception)}");
        }
    }

    public void Dispose()
    {
    }
}
