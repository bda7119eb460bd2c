using System.Reflection;
using System.Reflection.Metadata;

namespace MultiProc.Specs.Lifecycle;

/// <summary>`dotnet watch` changes the code of this process while it runs, and no file that a worker loads.</summary>
public sealed class HotReloadSpecs : PoolSpec
{
    [Spec]
    public async Task A_pool_warns_that_its_workers_run_what_was_built_and_one_whose_calls_run_here_does_not()
    {
        var (elsewhere, here) = (new CollectingLoggerFactory(), new CollectingLoggerFactory());
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = elsewhere });
        await using var inProcess = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 0, LoggerFactory = here });

        Update([typeof(HotReloadSpecs)]);

        var warning = Assert.Single(elsewhere.Lines, static line => line.Event.Id == 3040);
        Assert.StartsWith($"{typeof(HotReloadSpecs).FullName} changed while the application runs.", warning.Message, StringComparison.Ordinal);
        Assert.Contains("Restart the application", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(here.Lines, static line => line.Event.Id == 3040);
    }

    // As the runtime does it.
    private static void Update(Type[] types)
    {
        var handler = Assert.Single(typeof(ProcessPool).Assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>()).HandlerType;
        handler.GetMethod("UpdateApplication", BindingFlags.Static | BindingFlags.Public)!.Invoke(null, [types]);
    }
}
