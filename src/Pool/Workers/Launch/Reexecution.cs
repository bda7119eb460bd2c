using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers.Launch;

/// <summary>
/// The application is run again to be a worker: for where there is no <c>dotnet</c> to run the worker program. It must come to the hook in its Main. That it
/// cannot go on starting itself for ever is made sure twice: a host that has not passed the hook starts nothing, and a process that was to be a worker but
/// comes to start a pool exits.
/// </summary>
internal static class Reexecution
{
    /// <summary>What users are told when a worker was not let in.</summary>
    public const string Advice =
        "Workers are this application, run again. Put this line at the top of Main, before anything else:\n\n    ProcessPool.RunWorkerIfRequested();\n";

    private const string Marker = "--multiproc-worker";

    private static volatile bool _passedHook;

    // The command line, and not the environment, which a process that the application starts would inherit.
    private static bool IsRequested => Environment.GetCommandLineArgs() is [_, Marker, ..];

    public static void RunIfRequested()
    {
        _passedHook = true;
        if (IsRequested && CurrentWorker.Identity is null)
        {
            Environment.Exit(RunWorker(Environment.GetCommandLineArgs()[2..]));
        }
    }

    /// <summary>A process that was to be a worker must not do the application's work a second time.</summary>
    public static void ExitIfHookWasMissed()
    {
        if (IsRequested && CurrentWorker.Identity is null)
        {
            Console.Error.WriteLine($"This process was started to be a worker, and was about to start a pool itself. {Advice}");
            Environment.Exit(WorkerExitCode.HookMissed);
        }
    }

    /// <exception cref="WorkerStartException">The application has not passed the hook, or cannot be run again.</exception>
    public static ProcessStartInfo Command()
    {
        if (!_passedHook)
        {
            throw new WorkerStartException($"The worker processes would not be let in, so none was started. {Advice}");
        }

        var program = Environment.ProcessPath
            ?? throw new WorkerStartException("The path of this process is not known, so it cannot be run again to be a worker.");
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        start.ArgumentList.Add(Marker);
        return start;
    }

    /// <summary>How another application is run to be a worker.</summary>
    public static ProcessStartInfo Command(string program)
    {
        var start = new ProcessStartInfo(program);
        start.ArgumentList.Add(Marker);
        return start;
    }

    private static int RunWorker(string[] arguments) =>
        (int)LoadWorker().EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;

    private static Assembly LoadWorker()
    {
        try
        {
            return Assembly.Load(WorkerProgram.AssemblyName);
        }
        catch (FileNotFoundException)
        {
            // Not among the application's dependencies, but beside it.
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(WorkerProgram.FindFile());
        }
    }
}
