using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MultiProc.Specs.Boundary;

/// <summary>Functions and types of assemblies in load contexts of their own, by .NET's documented pattern for plug-ins.</summary>
public sealed class PlugInSpecs : PoolSpec
{
    private const string Called =
        "Order { Name = x, Count = 4, Note = Note { Text = first } } Order { Name = boxed, Count = 2, Note = Note { Text = first } } 20 Note { Text = n19 } broken bad";

    [Spec]
    public async Task Calls_of_two_plug_ins_with_different_versions_of_one_package_run_in_one_pool()
    {
        var (one, two) = (new PlugInLoadContext(Built.PlugInOne), new PlugInLoadContext(Built.PlugInTwo, sharesLibrary: true));
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.Equal(Called, await one.CallAsync("CallAsync", pool));
        Assert.Equal(Called, await two.CallAsync("CallAsync", pool));
        Assert.Equal("OneThing 2.8", await one.CallAsync("PackageInWorkerAsync", pool));
        Assert.Equal("OneThing 2.14", await two.CallAsync("PackageInWorkerAsync", pool));
    }

    [Spec]
    public async Task A_plug_in_that_brings_the_library_itself_starts_a_pool_of_its_own() =>
        Assert.Equal(Called, await new PlugInLoadContext(Built.PlugInTwo).CallAsync("CallFromOwnPoolAsync"));

    [Spec]
    public async Task A_plug_in_that_was_loaded_twice_gets_its_own_types_back_each_time()
    {
        var (first, second) = (new PlugInLoadContext(Built.PlugInOne), new PlugInLoadContext(Built.PlugInOne));
        await using var pool = await ProcessPool.StartAsync(1);

        for (var turn = 0; turn < 2; turn++)
        {
            Assert.Equal(Called, await first.CallAsync("CallAsync", pool));
            Assert.Equal(Called, await second.CallAsync("CallAsync", pool));
        }
    }

    [SpecTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collectible_plug_in_is_unloaded_after_its_calls_also_if_insights_tell_of_them(bool collectsInsights)
    {
        // The rest of a map that failed is looked after for a grace period.
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 1, CollectInsights = collectsInsights, CancellationGracePeriod = TimeSpan.FromMilliseconds(200) });

        var context = await CallAndUnloadAsync(pool);
        for (var turn = 0; turn < 100 && context.IsAlive; turn++)
        {
            await Task.Delay(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();

            // What the last call left on a thread of the pool or in a queue goes with the next one.
            Assert.Equal(turn, await pool.ApplyAsync(static (int turn) => turn, turn));
        }

        Assert.False(context.IsAlive, "The plug-in's load context is still referred to.");
        if (collectsInsights)
        {
            Assert.All(pool.Insights().SlowestCalls, static call => Assert.NotEqual("", call.Function));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> CallAndUnloadAsync(ProcessPool pool)
    {
        var context = new PlugInLoadContext(Built.PlugInOne, isCollectible: true);
        Assert.Equal(Called, await context.CallAsync("CallAsync", pool));
        var twice = context.Type.GetMethod("Twice")!.CreateDelegate<Func<int, int>>();
        var mapped = await pool.MapAsync(twice, [0, 1, 2]);
        Assert.Equal([0, 2, 4], mapped);
        Assert.Equal(8, await pool.ApplyAsync(twice, 4));
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => context.CallAsync("FailInMapAsync", pool));
        Assert.Equal("PlugInException", failure.GetType().Name);
        if (pool.Options.CollectInsights)
        {
            // Reads the arguments, with the plug-in's types.
            Assert.Contains(pool.Insights().SlowestCalls, static call => call.Arguments.Contains("Note", StringComparison.Ordinal));
        }

        context.Unload();
        return new WeakReference(context);
    }

    /// <summary>As .NET's tutorial for plug-ins has it.</summary>
    private sealed class PlugInLoadContext(string path, bool isCollectible = false, bool sharesLibrary = false) : AssemblyLoadContext("plug-in", isCollectible)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        public Type Type => LoadFromAssemblyPath(path).GetType("MultiProc.PlugIns.PlugIn", throwOnError: true)!;

        public Task<string> CallAsync(string method, params object[] arguments) =>
            (Task<string>)Type.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

        protected override Assembly? Load(AssemblyName assemblyName) =>
            !(sharesLibrary && assemblyName.Name!.StartsWith("MultiProc", StringComparison.Ordinal)) && _resolver.ResolveAssemblyToPath(assemblyName) is { } found
                ? LoadFromAssemblyPath(found)
                : null;
    }
}
