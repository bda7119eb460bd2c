using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MultiProc.Specs.Telemetry;

public sealed class MetricSpecs : PoolSpec
{
    [Spec]
    public async Task Whoever_listens_to_the_meter_is_told_what_the_pool_does()
    {
        List<Metric> metrics = [];
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("MultiProc").AddInMemoryExporter(metrics).Build();
        await using var pool = await ProcessPool.StartAsync(2);
        await pool.MapAsync(static number => number + 1, Enumerable.Range(0, 10), new MapOptions { ChunkSize = 1 });
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.FailFast(null)));
        await Eventually.TrueAsync(() => pool.Statistics is { Workers: 2, WorkersRestarted: 1 });

        provider.ForceFlush();

        Assert.Equal(11, Points(metrics, "multiproc.call.wait.duration").Single().GetHistogramCount());
        Assert.Equal(
            [(1, "lost"), (10, "returned")],
            Points(metrics, "multiproc.call.run.duration").Select(static point => (point.GetHistogramCount(), Tag(point, "multiproc.outcome"))).Order());
        Assert.Equal(10, Points(metrics, "multiproc.calls.completed").Single().GetSumLong());
        Assert.Equal(1, Points(metrics, "multiproc.calls.failed").Single().GetSumLong());
        Assert.Equal(0, Points(metrics, "multiproc.queue.length").Single().GetGaugeLastValueLong());
        Assert.Equal(2, Points(metrics, "multiproc.workers").Single().GetGaugeLastValueLong());
        Assert.Equal(0, Points(metrics, "multiproc.utilization").Single().GetGaugeLastValueDouble());
        var restarts = Points(metrics, "multiproc.worker.restarts").Single();
        Assert.Equal((1, "lost"), (restarts.GetSumLong(), Tag(restarts, "multiproc.reason")));
        Assert.Equal(["receive", "transmit"], Points(metrics, "multiproc.io").Select(static point => Tag(point, "network.io.direction")).Order());
        Assert.All(Points(metrics, "multiproc.io"), static point => Assert.True(point.GetSumLong() > 0));
        Assert.Equal(["w0", "w1"], Points(metrics, "multiproc.worker.memory").Select(static point => Tag(point, "multiproc.worker")).Order());
        Assert.All(Points(metrics, "multiproc.worker.memory"), static point => Assert.True(point.GetGaugeLastValueLong() > 1 << 20));
    }

    [Spec]
    public async Task A_call_that_is_lost_runs_past_its_limit_fails_or_is_cancelled_counts_with_its_outcome_and_the_type_of_its_error()
    {
        List<Metric> metrics = [];
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("MultiProc").AddInMemoryExporter(metrics).Build();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.FromMilliseconds(100) });
        var limited = new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) };
        using var cancellation = new CancellationTokenSource();

        Assert.Equal(1, await pool.RunAsync(static () => 1));
        await Assert.ThrowsAsync<InvalidDataException>(() => pool.RunAsync(static () => throw new InvalidDataException("It fails, as it should.")));
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)));
        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static (CancellationToken token) => token.WaitHandle.WaitOne(), limited));
        await Assert.ThrowsAsync<CallTimeoutException>(() => pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), limited));
        var waiting = pool.RunAsync(static (CancellationToken token) => token.WaitHandle.WaitOne(), cancellationToken: cancellation.Token);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var squares = await pool.MapAsync(static number => number * number, Enumerable.Range(1, 3), new MapOptions { ChunkSize = 3 });
        Assert.Equal([1, 4, 9], squares);
        await Assert.ThrowsAsync<ArithmeticException>(
            () => pool.MapAsync(static number => number == 2 ? throw new ArithmeticException("It fails, as it should.") : number, Enumerable.Range(1, 3), new MapOptions { ChunkSize = 3 }));
        Assert.Equal(1, await pool.RunAsync(static () => 1));

        provider.ForceFlush();

        Assert.Equal(
            [
                "cancelled System.OperationCanceledException 1",
                "failed System.ArithmeticException 1",
                "failed System.IO.InvalidDataException 1",
                "lost MultiProc.WorkerLostException 1",
                "returned  3",
                "timed_out MultiProc.CallTimeoutException 2",
            ],
            Points(metrics, "multiproc.call.run.duration")
                .Select(static point => $"{Tag(point, "multiproc.outcome")} {Tag(point, "error.type")} {point.GetHistogramCount()}").Order(StringComparer.Ordinal));
        Assert.All(
            Points(metrics, "multiproc.call.run.duration").Where(static point => Tag(point, "multiproc.outcome") == "timed_out"),
            static point => Assert.InRange(point.GetHistogramSum(), 0.2, 60));
    }

    [Spec]
    public async Task Durations_come_in_the_buckets_of_OpenTelemetrys_conventions_and_every_metric_names_the_version_of_its_library()
    {
        List<Metric> metrics = [];
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("MultiProc").AddInMemoryExporter(metrics).Build();
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.RunAsync(static () => 1);

        provider.ForceFlush();

        foreach (var name in new[] { "multiproc.call.wait.duration", "multiproc.call.run.duration" })
        {
            List<double> bounds = [];
            foreach (var bucket in Points(metrics, name).Single().GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
            }

            Assert.Equal([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity], bounds);
        }

        Assert.All(metrics, static metric => Assert.Equal(typeof(ProcessPool).Assembly.GetName().Version?.ToString(3), metric.MeterVersion));
    }

    [Spec]
    public async Task An_event_listener_reads_the_counters()
    {
        using var listener = new CounterListener();
        await using var pool = await ProcessPool.StartAsync(2);

        await Eventually.TrueAsync(() => listener.Values.TryGetValue("workers", out var value) && value >= 2);
    }

    [Spec]
    public async Task A_listener_that_throws_disturbs_no_call_and_is_told_of_once()
    {
        using var logs = new CollectingLoggerFactory();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MultiProc")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidDataException("no more"));
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidDataException("no more"));
        listener.Start();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs });

        var calls = Enumerable.Range(0, 500).Select(i => pool.ApplyAsync(static (int number) => number + 1, i)).ToArray();
        Assert.Equal(Enumerable.Range(1, 500), await Task.WhenAll(calls));
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.FailFast(null)));
        await Eventually.TrueAsync(() => pool.Statistics is { Workers: 2, WorkersRestarted: 1 });

        Assert.Equal("no more", Assert.Single(logs.Lines, static line => line.Message.Contains("listens to the pool's metrics", StringComparison.Ordinal)).Exception?.Message);
    }

    private static MetricPoint[] Points(List<Metric> metrics, string name)
    {
        List<MetricPoint> points = [];
        foreach (ref readonly var point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
        {
            points.Add(point);
        }

        return [.. points];
    }

    private static string? Tag(MetricPoint point, string name)
    {
        foreach (var tag in point.Tags)
        {
            if (tag.Key == name)
            {
                return tag.Value?.ToString();
            }
        }

        return null;
    }

    private sealed class CounterListener : EventListener
    {
        public ConcurrentDictionary<string, double> Values { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            // A plug-in that brings the library itself has another source of that name.
            if (eventSource.Name == "MultiProc" && eventSource.GetType().Assembly == typeof(ProcessPool).Assembly)
            {
                EnableEvents(eventSource, EventLevel.Informational, EventKeywords.All, new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" });
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData is { EventSource.Name: "MultiProc", EventName: "EventCounters", Payload: [IDictionary<string, object> counter] } && counter.TryGetValue("Mean", out var mean))
            {
                Values[(string)counter["Name"]] = (double)mean;
            }
        }
    }
}
