using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MultiProc.Scheduling;

namespace MultiProc.Diagnostics;

/// <summary>
/// All metrics of all pools: the meter "MultiProc". Levels and totals are read from the live pools when a collector
/// asks. Only what cannot be read later is recorded when it happens, and without a listener nothing is recorded, not
/// even a timestamp. Thread-safe.
/// </summary>
internal sealed class PoolMetrics
{
    public const string MeterName = "MultiProc";

    private static readonly Meter Meter = new(MeterName, typeof(PoolMetrics).Assembly.GetName().Version?.ToString(3));
    private static readonly ConcurrentDictionary<PoolMetrics, IProcessPool> Alive = new();

    // OpenTelemetry's bucket boundaries for durations in seconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private static readonly Histogram<double> Waits = Publish("multiproc.call.wait.duration", static name => Meter.CreateHistogram(
        name, "s", "How long calls, or chunks of a map, waited from submission until they were handed to a worker.", tags: null, Seconds));

    private static readonly Histogram<double> Runs = Publish("multiproc.call.run.duration", static name => Meter.CreateHistogram(
        name, "s",
        "How long calls, or chunks of a map, kept a worker busy, by multiproc.outcome: returned, failed, timed_out, lost, cancelled; and error.type. Those that ended together share the time.",
        tags: null, Seconds));

    private static readonly Counter<long> Restarts = Publish("multiproc.worker.restarts", static name => Meter.CreateCounter<long>(
        name, "{worker}", "Workers replaced, by multiproc.reason: lost, stopped (it ignored its cancellation), recycled, start_failed."));

    private static readonly Counter<long> Bytes = Publish("multiproc.io", static name => Meter.CreateCounter<long>(
        name, "By", "Bytes of functions, arguments and results, by network.io.direction: transmit, receive."));

    // An exception of a listener that was notified of a new instrument: at that time no pool exists that could log it.
    private static Exception? _publishingFailure;

    private readonly KeyValuePair<string, object?> _pool;
    private readonly PoolLog _log;
    private readonly Callbacks _callbacks;
    private int _hasListenerFailed;

    static PoolMetrics()
    {
        _ = Publish("multiproc.queue.length", static name => Meter.CreateObservableGauge(
            name, static () => Of(static pool => pool.Queued), "{call}", "Calls that have not begun, wherever they wait."));
        _ = Publish("multiproc.workers", static name => Meter.CreateObservableGauge(
            name, static () => Of(static pool => pool.Workers), "{worker}", "Workers that are ready: idle or busy."));
        _ = Publish("multiproc.workers.busy", static name => Meter.CreateObservableGauge(
            name, static () => Of(static pool => pool.Busy), "{worker}", "Workers that are running a call."));
        _ = Publish("multiproc.utilization", static name => Meter.CreateObservableGauge(
            name, static () => Of(static pool => (double)pool.Busy / Math.Max(pool.Workers, 1)), "1", "The share of workers that are busy."));
        _ = Publish("multiproc.calls.completed", static name => Meter.CreateObservableCounter(
            name, static () => Of(static pool => pool.Completed), "{call}", "Calls whose function returned."));
        _ = Publish("multiproc.calls.failed", static name => Meter.CreateObservableCounter(
            name, static () => Of(static pool => pool.Failed), "{call}", "Calls that ended in any other way."));
        _ = Publish("multiproc.calls.retried", static name => Meter.CreateObservableCounter(
            name, static () => Of(static pool => pool.Retried), "{call}", "Calls begun again after a worker was lost."));
        _ = Publish("multiproc.worker.memory", static name => Meter.CreateObservableGauge(name, static () => Memory(), "By", "Physical memory, by multiproc.worker."));
    }

    /// <param name="pool">The pool's name, which distinguishes the pools of one process.</param>
    /// <param name="log">Logs that a listener threw.</param>
    /// <param name="callbacks">Marks calls to listeners.</param>
    public PoolMetrics(string pool, PoolLog log, Callbacks? callbacks = null)
    {
        _pool = new KeyValuePair<string, object?>("multiproc.pool", pool);
        _log = log;
        _callbacks = callbacks ?? new Callbacks();
        if (Interlocked.Exchange(ref _publishingFailure, null) is { } failure)
        {
            LogOnce(failure);
        }
    }

    /// <summary>The pools that are alive, with their logs.</summary>
    public static IEnumerable<(IProcessPool Pool, PoolLog Log)> Pools => Alive.Select(static entry => (entry.Value, entry.Key._log));

    /// <summary>Whether a listener records how long calls run.</summary>
    public static bool IsTimingRuns => Runs.Enabled;

    /// <summary>The totals of all pools that are alive.</summary>
    public static IEnumerable<PoolStatistics> Statistics => Alive.Values.Select(static pool => pool.Statistics);

    /// <summary>Includes the pool in the metrics.</summary>
    public void Attach(IProcessPool pool)
    {
        PoolEventSource.Publish();
        Alive[this] = pool;
    }

    /// <summary>Removes a pool that has ended.</summary>
    public void Detach() => Alive.TryRemove(this, out _);

    /// <summary>Whether a listener records how long calls wait.</summary>
    public static bool IsTimingWaits => Waits.Enabled;

    /// <summary>Measures work that is being sent to a runner; null: nobody listens.</summary>
    /// <param name="work">The work. Its time of submission is reset.</param>
    /// <param name="time">The clock of the time of submission.</param>
    /// <param name="countsBytes">Whether the work leaves this process.</param>
    public static SentWork? Measure(IReadOnlyList<Work> work, TimeProvider time, bool countsBytes)
    {
        if (!Waits.Enabled && !Bytes.Enabled)
        {
            return null;
        }

        List<TimeSpan> waits = [];
        foreach (var one in work.Where(static one => one.SubmittedAt != 0))
        {
            waits.Add(time.GetElapsedTime(one.SubmittedAt));
            one.SubmittedAt = 0;
        }

        return new SentWork(waits, countsBytes && Bytes.Enabled ? work.Sum(static one => (long)one.Unit.Function.Length + one.Unit.Body.Length) : 0);
    }

    public void NoteSent(in SentWork sent)
    {
        foreach (var wait in sent.Waits)
        {
            Record(Waits, wait, default);
        }

        if (sent.Bytes > 0)
        {
            NoteBytes(sent.Bytes, "transmit");
        }
    }

    /// <summary>Records that these calls, or chunks of maps, have together kept a worker busy for this long.</summary>
    public void NoteRuns(IReadOnlyList<RunOutcome> outcomes, TimeSpan elapsed)
    {
        foreach (var outcome in outcomes)
        {
            Record(Runs, elapsed / outcomes.Count, outcome);
        }
    }

    /// <summary>Counts a worker that is being replaced.</summary>
    public void NoteRestart(string reason) => Add(Restarts, 1, new("multiproc.reason", reason));

    public void NoteReceived(long bytes)
    {
        if (Bytes.Enabled)
        {
            NoteBytes(bytes, "receive");
        }
    }

    private void NoteBytes(long bytes, string direction) => Add(Bytes, bytes, new("network.io.direction", direction));

    // Listeners are called synchronously, on the pool's own threads and between its steps. Their exceptions must not
    // interrupt those steps.
    private void Record(Histogram<double> histogram, TimeSpan value, RunOutcome outcome)
    {
        using var inside = _callbacks.Enter();
        try
        {
            if (outcome.Name is null)
            {
                histogram.Record(value.TotalSeconds, _pool);
            }
            else if (outcome.ErrorType is null)
            {
                histogram.Record(value.TotalSeconds, _pool, new("multiproc.outcome", outcome.Name));
            }
            else
            {
                histogram.Record(value.TotalSeconds, _pool, new("multiproc.outcome", outcome.Name), new("error.type", outcome.ErrorType));
            }
        }
        catch (Exception exception)
        {
            LogOnce(exception);
        }
    }

    private void Add(Counter<long> counter, long value, KeyValuePair<string, object?> tag)
    {
        using var inside = _callbacks.Enter();
        try
        {
            counter.Add(value, _pool, tag);
        }
        catch (Exception exception)
        {
            LogOnce(exception);
        }
    }

    private void LogOnce(Exception exception)
    {
        if (Interlocked.Exchange(ref _hasListenerFailed, 1) == 0)
        {
            _log.MetricsListenerFailed(exception);
        }
    }

    private static IEnumerable<Measurement<T>> Of<T>(Func<PoolStatistics, T> value)
        where T : struct =>
        Alive.Select(entry => new Measurement<T>(value(entry.Value.Statistics), entry.Key._pool));

    private static IEnumerable<Measurement<long>> Memory() =>
        Alive.SelectMany(static entry => entry.Value.Workers.Where(static worker => worker.WorkingSetBytes > 0).Select(worker =>
            new Measurement<long>(worker.WorkingSetBytes, entry.Key._pool, new("multiproc.worker", worker.Name))));

    // Listeners are notified when an instrument is created. The instrument exists even if one of them throws. If the
    // exception escaped, this type could not be initialized and no pool could be used.
    private static T Publish<T>(string name, Func<string, T> create)
        where T : Instrument
    {
        try
        {
            return create(name);
        }
        catch (Exception exception)
        {
            _publishingFailure ??= exception;
            T? made = null;
            using var finder = new MeterListener
            {
                InstrumentPublished = (instrument, _) => made = instrument.Meter == Meter && instrument.Name == name ? instrument as T : made,
            };
            finder.Start();
            if (made is null)
            {
                throw;
            }

            return made;
        }
    }
}
