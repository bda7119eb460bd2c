using System.Reflection;
using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Scheduling;
using MultiProc.Validation;

namespace MultiProc.Calls;

/// <summary>
/// The policies of a pool's calls and maps: what the caller asked for, with the pool's defaults. Thread-safe.
/// </summary>
internal sealed class CallPolicies(ProcessPoolOptions pool)
{
    private static readonly CallOptions DefaultCall = new();
    private static readonly MapOptions DefaultMap = new();

    // The policies of calls without options, made once for each function.
    private readonly CodeCache<MethodInfo, CallPolicy> _defaults = new();

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public CallPolicy Of(CallOptions? options, Delegate function)
    {
        if (options is not null)
        {
            return Make(options, function);
        }

        return _defaults.TryGetValue(function.Method, out var policy) ? policy : _defaults.Add(function.Method, Make(DefaultCall, function));
    }

    /// <inheritdoc cref="Of(CallOptions?, Delegate)"/>
    public CallPolicy Of(MapOptions? options, Delegate function)
    {
        options ??= DefaultMap;
        OptionChecks.Check(options);
        return Make(
            function, options.Name, options.Timeout, options.MaxAttempts, priority: 0, affinityKey: null, options.CancellationGracePeriod, options.SlowCallThreshold);
    }

    private CallPolicy Make(CallOptions options, Delegate function)
    {
        OptionChecks.Check(options);
        return Make(
            function, options.Name, options.Timeout, options.MaxAttempts, options.Priority, options.AffinityKey, options.CancellationGracePeriod, options.SlowCallThreshold);
    }

    private CallPolicy Make(
        Delegate function, string? name, TimeSpan? timeout, int maxAttempts, int priority, string? affinityKey, TimeSpan? gracePeriod, TimeSpan? slowCallThreshold) =>
        new(name ?? FunctionLabel.Of(function), Nearest(timeout, pool.TaskTimeout), maxAttempts, priority, affinityKey)
        {
            GracePeriod = gracePeriod,
            SlowThreshold = Nearest(slowCallThreshold, pool.SlowCallThreshold),
            Function = function.Method,
            Imports = PoolImports.Of(pool),
        };

    /// <summary>The duration that the call sets, or else the pool; null: infinite or not set.</summary>
    private static TimeSpan? Nearest(TimeSpan? own, TimeSpan? pool) => (own ?? pool) is { } time && time != Timeout.InfiniteTimeSpan ? time : null;
}
