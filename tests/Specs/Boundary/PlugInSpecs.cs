using System.Reflection;
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
