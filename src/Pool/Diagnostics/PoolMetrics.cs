using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MultiProc.Scheduling;

namespace MultiProc.Diagnostics;

/// <summary>
/// Every metric of every pool: the meter "MultiProc". Levels and totals are asked of the pools that are alive when somebody collects; only what a collector
/// cannot ask for later is recorded when it happens, and nothing, not even a timestamp, is taken for it while nobody listens. Thread-safe.
/// </summary>
internal sealed class PoolMetrics
{
    public const string MeterName = "MultiProc";

    private static readonly Meter Meter = new(MeterName, typeof(PoolMetrics).Assembly.GetName().Version?.ToString(3));
    private static readonly ConcurrentDictionary<PoolMetrics, ProcessPool> Alive = new();

    private static readonly Histogram<double> Waits = Meter.CreateHistogram<double>(
        "multiproc.call.wait.duration", "s", "How long calls, or chunks of a map, waited from submission until they were handed to a worker.");

    private static readonly Histogram<double> Runs = Meter.CreateHistogram<double>(
        "multiproc.call.run.duration", "s", "How long calls, or chunks of a map, kept a worker busy. Those that ended together share the time.");

    private static readonly Counter<long> Restarts = Meter.CreateCounter<long>(
        "multiproc.worker.restarts", "{worker}", "Workers replaced, by multiproc.reason: lost, stopped (it ignored its cancellation), recycled, start_failed.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "multiproc.io", "By", "Bytes of functions, arguments and results, by network.io.direction: transmit, receive.");

    private readonly KeyValuePair<string, object?> _pool;
    private readonly PoolLog _log;
    private int _hasListenerFailed;

    static PoolMetrics()
    {
        Meter.CreateObservableGauge("multiproc.queue.length", static () => Of(static pool => pool.Queued), "{call}", "Calls that have not begun, wherever they wait.");
        Meter.CreateObservableGauge("multiproc.workers", static () => Of(static pool => pool.Workers), "{worker}", "Workers that are ready: idle or busy.");
        Meter.CreateObservableGauge("multiproc.workers.busy", static () => Of(static pool => pool.Busy), "{worker}", "Workers that are running a call.");
        Meter.CreateObservableGauge(
            "multiproc.utilization", static () => Of(static pool => (double)pool.Busy / Math.Max(pool.Workers, 1)), "1", "The share of workers that are busy.");
        Meter.CreateObservableCounter("multiproc.calls.completed", static () => Of(static pool => pool.Completed), "{call}", "Calls whose function returned.");
        Meter.CreateObservableCounter("multiproc.calls.failed", static () => Of(static pool => pool.Failed), "{call}", "Calls that ended in any other way.");
        Meter.CreateObservableCounter("multiproc.calls.retried", static () => Of(static pool => pool.Retried), "{call}", "Calls begun again after a worker was lost.");
        Meter.CreateObservableGauge("multiproc.worker.memory", static () => Memory(), "By", "Physical memory, by multiproc.worker.");
    }

    /// <param name="pool">Tells the pools of one process apart.</param>
    /// <param name="log">Told when a listener throws.</param>
    public PoolMetrics(string pool, PoolLog log)
    {
        _pool = new KeyValuePair<string, object?>("multiproc.pool", pool);
        _log = log;
    }

    /// <summary>The pools that are alive, with their logs.</summary>
    public static IEnumerable<(ProcessPool Pool, PoolLog Log)> Pools => Alive.Select(static entry => (entry.Value, entry.Key._log));

    /// <summary>The totals of all pools that are alive.</summary>
    public static IEnumerable<PoolStatistics> Statistics => Alive.Values.Select(static pool => pool.Statistics);

    /// <summary>From now on it is asked.</summary>
    public void Attach(ProcessPool pool)
    {
        _ = PoolEventSource.Instance;
        Alive[this] = pool;
    }

    /// <summary>The pool has ended.</summary>
    public void Detach() => Alive.TryRemove(this, out _);

    /// <summary>When work was submitted; 0 when nobody wants to know how long it waits.</summary>
    public static long TimeOfSubmission(TimeProvider time) => Waits.Enabled ? time.GetTimestamp() : 0;

    /// <summary>Work that was submitted at <paramref name="submitted"/> is being handed to a worker.</summary>
    public void NoteHandedOver(long submitted, TimeProvider time)
    {
        if (submitted != 0)
        {
            Record(Waits, time.GetElapsedTime(submitted));
        }
    }

    /// <summary>So many calls, or chunks of maps, have kept a worker busy for so long.</summary>
    public void NoteRun(int runs, TimeSpan elapsed)
    {
        if (Runs.Enabled)
        {
            for (var run = 0; run < runs; run++)
            {
                Record(Runs, elapsed / runs);
            }
        }
    }

    /// <summary>A worker is being replaced.</summary>
    public void NoteRestart(string reason) => Add(Restarts, 1, new("multiproc.reason", reason));

    public void NoteSent(IReadOnlyList<Work> work)
    {
        if (Bytes.Enabled)
        {
            Note(work.Sum(static one => (long)one.Unit.Function.Length + one.Unit.Body.Length), "transmit");
        }
    }

    public void NoteReceived(long bytes) => Note(bytes, "receive");

    private void Note(long bytes, string direction)
    {
        if (Bytes.Enabled)
        {
            Add(Bytes, bytes, new("network.io.direction", direction));
        }
    }

    // A listener is called right here, on the pool's own threads and between its own steps: what it throws must not come between them.
    private void Record(Histogram<double> histogram, TimeSpan value)
    {
        try
        {
            histogram.Record(value.TotalSeconds, _pool);
        }
        catch (Exception exception)
        {
            TellOnce(exception);
        }
    }

    private void Add(Counter<long> counter, long value, KeyValuePair<string, object?> tag)
    {
        try
        {
            counter.Add(value, _pool, tag);
        }
        catch (Exception exception)
        {
            TellOnce(exception);
        }
    }

    private void TellOnce(Exception exception)
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
}
