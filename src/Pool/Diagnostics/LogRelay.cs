using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Diagnostics;

/// <summary>
/// The relay of log entries from functions in workers to the host's loggers, by category, with their scopes and one of
/// the pool's. Never throws.
/// </summary>
/// <param name="factory">The application's logger factory; null: none.</param>
/// <param name="passed">The loggers that were passed to workers.</param>
/// <param name="log">Logs what goes wrong.</param>
/// <param name="callbacks">Marks calls into the application.</param>
internal sealed class LogRelay(ILoggerFactory? factory, LoggerTable passed, PoolLog log, Callbacks callbacks)
{
    // Factories keep each category for good, so the number of categories that workers can create is limited.
    private const int MaxCategories = 1_024;
    private const string OtherCategory = "MultiProc.Worker";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    /// <param name="slot">The slot of the worker.</param>
    /// <param name="call">The label of the call; null: none was running.</param>
    /// <param name="entry">The entry.</param>
    public void Write(int slot, string? call, LogEntry entry)
    {
        var logger = default(ILogger);
        if (entry.Logger > 0 ? (logger = passed.Find(entry.Logger)) is null : factory is null)
        {
            return;
        }

        // Scopes are opened one by one, and each is closed by itself: their number is the worker's choice, and each
        // that was opened must be closed.
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
