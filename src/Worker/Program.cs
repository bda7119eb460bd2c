using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using MultiProc.Boundary;
using MultiProc.Protocol.Launch;
using MultiProc.Worker.Records;
using MultiProc.Worker.Stacks;

namespace MultiProc.Worker;

/// <summary>
/// The child process. It is started with the application's own list of dependencies, so that user code finds what it finds in the host; what the
/// worker itself needs and that list does not name is looked for beside the worker.
/// </summary>
internal static class Program
{
    private const string DynamicCode = "System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported";

    private static int Main(string[] arguments)
    {
        // The application's runtime configuration may switch it off, as PublishAot does; this process is never published that way. Before anybody asks.
        AppContext.SetSwitch(DynamicCode, true);
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            var path = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        return Run(arguments);
    }

    // A method of its own: its types are loaded only now that the handler above is in place.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] arguments)
    {
        PlugIns.MakesContexts = true;
        return StackListing.ProcessOf(arguments) is { } process ? StackCommand.Run(process)
            : RecordArguments.Parse(arguments) is { } record ? RecordCommand.Run(record)
            : WorkerSession.Run();
    }
}
