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

        MetricPoint[] Points(string name)
        {
            List<MetricPoint> points = [];
            foreach (ref readonly var point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
            {
                points.Add(point);
            }

            return [.. points];
        }

        static string? Tag(MetricPoint point, string name)
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

        Assert.Equal(11, Points("multiproc.call.wait.duration").Single().GetHistogramCount());
        Assert.Equal(10, Points("multiproc.call.run.duration").Single().GetHistogramCount());
        Assert.Equal(10, Points("multiproc.calls.completed").Single().GetSumLong());
        Assert.Equal(1, Points("multiproc.calls.failed").Single().GetSumLong());
        Assert.Equal(0, Points("multiproc.queue.length").Single().GetGaugeLastValueLong());
        Assert.Equal(2, Points("multiproc.workers").Single().GetGaugeLastValueLong());
        Assert.Equal(0, Points("multiproc.utilization").Single().GetGaugeLastValueDouble());
        var restarts = Points("multiproc.worker.restarts").Single();
        Assert.Equal((1, "lost"), (restarts.GetSumLong(), Tag(restarts, "multiproc.reason")));
        Assert.Equal(["receive", "transmit"], Points("multiproc.io").Select(static point => Tag(point, "network.io.direction")).Order());
        Assert.All(Points("multiproc.io"), static point => Assert.True(point.GetSumLong() > 0));
        Assert.Equal(["w0", "w1"], Points("multiproc.worker.memory").Select(static point => Tag(point, "multiproc.worker")).Order());
        Assert.All(Points("multiproc.worker.memory"), static point => Assert.True(point.GetGaugeLastValueLong() > 1 << 20));
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

    private sealed class CounterListener : EventListener
    {
        public ConcurrentDictionary<string, double> Values { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "MultiProc")
            {
                EnableEvents(eventSource, EventLevel.Informational, EventKeywords.All, new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" });
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData is { EventName: "EventCounters", Payload: [IDictionary<string, object> counter] } && counter.TryGetValue("Mean", out var mean))
            {
                Values[(string)counter["Name"]] = (double)mean;
            }
        }
    }
}
