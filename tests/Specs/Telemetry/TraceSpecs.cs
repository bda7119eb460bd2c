using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MultiProc.Specs.Telemetry;

public sealed class TraceSpecs : PoolSpec
{
    [Spec]
    public async Task A_trace_goes_on_in_the_worker_and_is_exported_there_like_any_other()
    {
        List<Activity> exported = [];
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddSource("Specs").AddInMemoryExporter(exported).Build();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(TracedWork.Start));

        string trace, request;
        using (var outer = TracedWork.Source.StartActivity("request"))
        {
            (trace, request) = (outer!.TraceId.ToString(), outer.SpanId.ToString());
            Assert.Equal(3, await pool.ApplyAsync(TracedWork.Step, 3));
            Assert.Same(outer, Activity.Current);
        }

        var call = Span.Of(exported.Single(static span => span.Source.Name == "MultiProc"));
        Assert.Equal(("MultiProc.Specs.Telemetry.TracedWork.Step", trace, request, false), (call.Name, call.Trace, call.Parent, call.IsError));

        var spans = await pool.RunAsync(TracedWork.TakeExported);
        var run = spans.Single(span => span.Name == "run" && span.Parent == call.Id);
        var step = spans.Single(static span => span.Name == "step");
        Assert.Equal((trace, trace, run.Id), (run.Trace, step.Trace, step.Parent));
    }

    [Spec]
    public async Task Each_item_of_a_map_belongs_to_the_trace_of_its_caller()
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("Specs").Build();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(TracedWork.Start));
        using (var outer = TracedWork.Source.StartActivity("request"))
        {
            await pool.MapAsync(TracedWork.Step, Enumerable.Range(0, 5));

            var spans = await pool.RunAsync(TracedWork.TakeExported);
            Assert.Equal(5, spans.Count(span => span.Name == "run" && span.Parent == outer!.SpanId.ToString()));
            Assert.Equal(5, spans.Count(static span => span.Name == "step"));
        }
    }

    [Spec]
    public async Task A_call_that_fails_ends_its_span_as_an_error_on_both_sides()
    {
        List<Activity> exported = [];
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddInMemoryExporter(exported).Build();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(TracedWork.Start));

        await Assert.ThrowsAsync<InvalidDataException>(() => pool.RunAsync(TracedWork.Fail));
        using var stop = new CancellationTokenSource();
        var waiting = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), cancellationToken: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.Equal(
            [typeof(InvalidDataException).FullName, typeof(OperationCanceledException).FullName],
            exported.Select(static span => Span.Of(span).ErrorType));
        Assert.All(exported, static span => Assert.True(Span.Of(span).IsError));
    }

    [Spec]
    public async Task Nobody_who_listens_means_no_span_but_one_that_is_current_is_passed_on()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Null(await pool.RunAsync(TracedWork.CurrentTrace));

        using var current = new Activity("by hand").Start();
        Assert.Equal(current.TraceId.ToString(), await pool.RunAsync(TracedWork.CurrentTrace));
    }

    [Spec]
    public async Task A_pool_in_this_process_traces_as_any_other()
    {
        await using var pool = await ProcessPool.StartAsync(0);
        using var current = new Activity("by hand").Start();

        Assert.Equal(current.TraceId.ToString(), await pool.RunAsync(TracedWork.CurrentTrace));
    }

    [Spec]
    public async Task Under_a_span_that_is_not_sampled_there_is_none_of_ours_unless_the_provider_is_told_to_sample_all_the_same()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        using var current = new Activity("by hand, and so not recorded").Start();

        List<Activity> exported = [];
        using (Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddInMemoryExporter(exported).Build())
        {
            await pool.RunAsync(static () => 1);
            Assert.Empty(exported);
        }

        using (Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").SetSampler(new AlwaysOnSampler()).AddInMemoryExporter(exported).Build())
        {
            await pool.RunAsync(static () => 1);
            Assert.Equal(current.SpanId, Assert.Single(exported).ParentSpanId);
        }

        exported.Clear();
        current.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        using (Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddInMemoryExporter(exported).Build())
        {
            await pool.RunAsync(static () => 1);
            Assert.Single(exported);
        }
    }

    [Spec]
    public async Task A_span_names_the_version_of_the_library()
    {
        List<Activity> exported = [];
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddInMemoryExporter(exported).Build();
        await using var pool = await ProcessPool.StartAsync(1);

        await pool.RunAsync(static () => 1);

        Assert.Equal(typeof(ProcessPool).Assembly.GetName().Version?.ToString(3), Assert.Single(exported).Source.Version);
    }
}
