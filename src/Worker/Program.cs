using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using MultiProc.Boundary;
using MultiProc.Protocol.Launch;
using MultiProc.Worker.Records;
using MultiProc.Worker.Stacks;

namespace MultiProc.Worker;

/// <summary>
/// The worker program, a child process of the host. It is started with the application's own deps file, so that user
/// code finds the same assemblies as in the host. Assemblies that the worker itself needs and that file does not list
/// are loaded from the worker's directory.
/// </summary>
internal static class Program
{
    private const string DynamicCode = "System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported";

    private static int Main(string[] arguments)
    {
        // The application's runtime configuration may disable dynamic code, as PublishAot does; this process is never
        // published that way. The switch must be set before its first use.
        AppContext.SetSwitch(DynamicCode, true);
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            var path = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        return Run(arguments);
    }

    // A separate method: its types are loaded only now that the handler above is registered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] arguments)
    {
        PlugIns.MakesContexts = true;
        return StackListing.ProcessOf(arguments) is { } process ? StackCommand.Run(process)
            : RecordArguments.Parse(arguments) is { } record ? RecordCommand.Run(record)
            : WorkerSession.Run();
    }
}
