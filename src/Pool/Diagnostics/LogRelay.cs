using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MultiProc.Protocol.Messages;

namespace MultiProc.Diagnostics;

/// <summary>Writes what functions logged in the workers to the host's loggers, by category, inside their scopes and one of ours.</summary>
internal sealed class LogRelay(ILoggerFactory? factory)
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    /// <param name="slot">Where it was logged.</param>
    /// <param name="call">What was running; null: nothing.</param>
    /// <param name="entry">What was logged.</param>
    public void Write(int slot, string? call, LogEntry entry)
    {
        if (factory is null)
        {
            return;
        }

        var logger = _loggers.GetOrAdd(entry.Category, static (category, factory) => factory.CreateLogger(category), factory);
        using var worker = logger.BeginScope(new Dictionary<string, object?> { ["Slot"] = slot, ["Call"] = call });
        var scopes = entry.Scopes.Select(scope => logger.BeginScope(scope)).ToArray();
        logger.Log(
            (LogLevel)entry.Level, new EventId(entry.EventId, entry.EventName.Length == 0 ? null : entry.EventName), entry,
            entry.Exception.Length == 0 ? null : new RemoteException("", entry.Exception, ""), static (entry, _) => entry.Message);
        foreach (var scope in scopes.Reverse())
        {
            scope?.Dispose();
        }
    }
}
