using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace MultiProc.Live;

/// <summary>
/// The loggers that a pool has passed to its workers, by number. A stand-in may outlive its call; the logger itself is kept by that call and by its owner only. Thread-safe.
/// </summary>
internal sealed class LoggerTable
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<ILogger, object> _numbers = [];
    private readonly Dictionary<int, WeakReference<ILogger>> _loggers = [];
    private int _last;
    private int _nextSweep = 64;

    /// <summary>The number of <paramref name="logger"/>; above 0.</summary>
    public int NumberOf(ILogger logger)
    {
        lock (_gate)
        {
            if (_numbers.TryGetValue(logger, out var known))
            {
                return (int)known;
            }

            _loggers[++_last] = new WeakReference<ILogger>(logger);
            _numbers.Add(logger, _last);
            if (_loggers.Count > _nextSweep)
            {
                foreach (var number in _loggers.Where(static entry => !entry.Value.TryGetTarget(out _)).Select(static entry => entry.Key).ToArray())
                {
                    _loggers.Remove(number);
                }

                _nextSweep = Math.Max(64, _loggers.Count * 2);
            }

            return _last;
        }
    }

    /// <summary>The logger of that number; null: it has been collected.</summary>
    public ILogger? Find(int number)
    {
        lock (_gate)
        {
            return _loggers.TryGetValue(number, out var reference) && reference.TryGetTarget(out var logger) ? logger : null;
        }
    }
}
