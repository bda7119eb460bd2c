using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MultiProc.Specs.Guide;

/// <summary>What the pages for operators show.</summary>
public sealed class OperatingSpecs : PoolSpec
{
    [Spec]
    public async Task Hosting()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

        // <page-hosting>
        builder.Services.AddProcessPool(builder.Configuration.GetSection("Pool"));
        builder.Services.AddProcessPool("imaging", configure: (options, services) => options with { Processes = 2 });
        builder.Services.AddHealthChecks().AddProcessPool().AddProcessPool("imaging");
        // </page-hosting>

        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal(2, host.Services.GetRequiredKeyedService<ProcessPool>("imaging").Workers.Count);
        await host.StopAsync();
    }

    [Spec]
    public async Task Insights()
    {
        // <page-insights>
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, CollectInsights = true });
        await pool.MapAsync(Render, Enumerable.Range(1, 100));
        Console.WriteLine(pool.Insights());
        // </page-insights>

        Assert.Contains("Render (page = ", pool.Insights().ToString(), StringComparison.Ordinal);
    }

    private static int Render(int page) => page * 2;

    [Spec]
    public async Task Telemetry()
    {
        // <page-telemetry>
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("MultiProc").Build();
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").Build();    // and an exporter
        // </page-telemetry>

        // <page-worker-telemetry>
        var options = new ProcessPoolOptions { Processes = 1 }
            .WithInitializer(() => WorkerTelemetry.Start())
            .WithExitHook(() => WorkerTelemetry.Stop());
        // </page-worker-telemetry>

        await using var pool = await ProcessPool.StartAsync(options);
        Assert.True(await pool.RunAsync(static () => System.Diagnostics.Activity.Current is { Recorded: true }));
    }

    [Spec]
    public async Task TelemetryOfUnsampledParents()
    {
        using var request = new System.Diagnostics.Activity("request").Start();
        await using var pool = await ProcessPool.StartAsync(1);

        // <page-unsampled>
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").SetSampler(new AlwaysOnSampler()).Build();    // and an exporter
        // </page-unsampled>

        Assert.Equal(request.TraceId.ToString(), await pool.RunAsync(static () => System.Diagnostics.Activity.Current?.TraceId.ToString()));
    }
}

// <page-worker-telemetry-class>
public static class WorkerTelemetry
{
    private static TracerProvider? _provider;

    public static void Start() => _provider = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddSource("MyApplication").Build();    // and an exporter

    public static void Stop() => _provider?.Dispose();    // sends what it still holds
}
// </page-worker-telemetry-class>
