using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MultiProc.Specs.Hosting;

public sealed class HostedPoolSpecs : PoolSpec
{
    [Spec]
    public async Task Pools_are_bound_to_configuration_found_by_name_and_ready_before_any_service()
    {
        var builder = Create(new()
        {
            ["Pool:Processes"] = "1",
            ["Pool:TaskTimeout"] = "00:00:07",
            ["Pool:EnvironmentVariables:SPEC_VALUE"] = "from configuration",
        });
        builder.Services.AddProcessPool(builder.Configuration.GetSection("Pool"));
        builder.Services.AddProcessPool("imaging", configure: static (options, _) => options with { Processes = 2 });
        builder.Services.AddHealthChecks().AddProcessPool().AddProcessPool("imaging");
        builder.Services.AddHostedService<Consumer>();
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await host.StartAsync();

        var pool = host.Services.GetRequiredService<ProcessPool>();
        var imaging = host.Services.GetRequiredKeyedService<ProcessPool>("imaging");
        Assert.Equal((1, TimeSpan.FromSeconds(7)), (pool.Options.Processes, pool.Options.TaskTimeout));
        Assert.NotNull(pool.Options.LoggerFactory);
        Assert.Equal("from configuration", await pool.RunAsync(static () => Environment.GetEnvironmentVariable("SPEC_VALUE")));
        Assert.Equal(2, imaging.Workers.Count);
        Assert.Equal((null, "imaging"), (pool.Options.Name, imaging.Options.Name));
        Assert.Same(pool, host.Services.GetRequiredService<IProcessPool>());
        Assert.Equal(5, await host.Services.GetServices<IHostedService>().OfType<Consumer>().Single().Answer);
        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(2, report.Entries["process pool imaging"].Data["workers"]);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
    }

    [Spec]
    public async Task What_was_accepted_before_the_host_stops_is_finished()
    {
        using var scratch = new Scratch();
        var go = Path.Combine(scratch.Path, "go");
        var builder = Create([]);
        builder.Services.AddProcessPool(configure: static (options, _) => options with { Processes = 1 });
        using var host = builder.Build();
        await host.StartAsync();
        var pool = host.Services.GetRequiredService<ProcessPool>();
        var calls = Enumerable.Range(0, 3).Select(number => pool.RunAsync(() => WaitFor(go, number))).ToArray();

        var stopping = host.StopAsync();
        File.Create(go).Dispose();
        await stopping;

        var results = await Task.WhenAll(calls);
        Assert.Equal([0, 1, 2], results);
        Assert.Throws<InvalidOperationException>(() => { _ = pool.RunAsync(static () => 0); });
    }

    [Spec]
    public async Task What_is_still_running_at_the_hosts_limit_is_ended()
    {
        var builder = Create([]);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.Services.AddProcessPool(configure: static (options, _) => options with { Processes = 1 });
        using var host = builder.Build();
        await host.StartAsync();
        var pool = host.Services.GetRequiredService<ProcessPool>();
        var endless = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite));

        await host.StopAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        Assert.Empty(ProcessTable.Below(Environment.ProcessId));
    }

    [Spec]
    public async Task Wrong_options_stop_the_host_before_it_starts()
    {
        var negative = Create(new() { ["Pool:Processes"] = "-1" });
        negative.Services.AddProcessPool(negative.Configuration.GetSection("Pool"));
        using var negativeHost = negative.Build();
        var misspelt = Create(new() { ["Pool:Proceses"] = "1" });
        misspelt.Services.AddProcessPool("imaging", misspelt.Configuration.GetSection("Pool"));
        using var misspeltHost = misspelt.Build();

        Assert.Contains("from 0 to 4096", (await Assert.ThrowsAsync<OptionsValidationException>(() => negativeHost.StartAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("Proceses", (await Assert.ThrowsAnyAsync<Exception>(() => misspeltHost.StartAsync())).ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => negative.Services.AddProcessPool());
    }

    private static int WaitFor(string file, int value)
    {
        while (!File.Exists(file))
        {
            Thread.Sleep(1);
        }

        return value;
    }

    private static HostApplicationBuilder Create(Dictionary<string, string?> configuration)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration);
        return builder;
    }

    /// <summary>Needs the pool to be constructed.</summary>
    private sealed class Consumer(ProcessPool pool) : IHostedService
    {
        public Task<int> Answer { get; private set; } = Task.FromResult(0);

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Answer = pool.ApplyAsync(static (left, right) => left + right, 2, 3, cancellationToken: cancellationToken);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
