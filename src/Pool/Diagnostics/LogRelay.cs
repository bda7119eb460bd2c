using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Diagnostics;

/// <summary>Writes what functions logged in the workers to the host's loggers, by category, inside their scopes and one of ours. Never throws.</summary>
/// <param name="factory">Makes the loggers; null: there are none.</param>
/// <param name="passed">The loggers that were passed to workers.</param>
/// <param name="log">Where it is told what goes wrong.</param>
/// <param name="callbacks">Which calls into the application are under way.</param>
internal sealed class LogRelay(ILoggerFactory? factory, LoggerTable passed, PoolLog log, Callbacks callbacks)
{
    // Factories keep each category for good: a worker must not be able to invent them without end.
    private const int MaxCategories = 1_024;
    private const string OtherCategory = "MultiProc.Worker";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    /// <param name="slot">Where it was logged.</param>
    /// <param name="call">What was running; null: nothing.</param>
    /// <param name="entry">What was logged.</param>
    public void Write(int slot, string? call, LogEntry entry)
    {
        var logger = default(ILogger);
        if (entry.Logger > 0 ? (logger = passed.Find(entry.Logger)) is null : factory is null)
        {
            return;
        }

        // In a loop, and each by itself: how many scopes there are is the worker's choice, and what was begun must end.
        Stack<IDisposable?> scopes = new();
        using var inside = callbacks.Enter();
        try
        {
            var isKnown = _loggers.ContainsKey(entry.Category) || _loggers.Count < MaxCategories;
            logger ??= _loggers.GetOrAdd(isKnown ? entry.Category : OtherCategory, static (category, factory) => factory.CreateLogger(category), factory!);
            scopes.Push(logger.BeginScope(new Dictionary<string, object?> { ["Slot"] = slot, ["Call"] = call }));
            foreach (var scope in entry.Scopes)
            {
                scopes.Push(logger.BeginScope(scope));
            }

            logger.Log(
                (LogLevel)entry.Level, new EventId(entry.EventId, entry.EventName.Length == 0 ? null : entry.EventName), entry,
                entry.Exception.Length == 0 ? null : new RemoteException("", entry.Exception, ""), static (entry, _) => entry.Message);
        }
        catch (Exception exception)
        {
            log.RelayFailed(entry.Category, entry.Message, exception);
        }

        while (scopes.TryPop(out var scope))
        {
            try
            {
                scope?.Dispose();
            }
            catch (Exception exception)
            {
                log.RelayFailed(entry.Category, entry.Message, exception);
            }
        }
    }
}
