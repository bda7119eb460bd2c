using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers.Launch;

/// <summary>
/// The start method that runs the application again as a worker, for systems without a <c>dotnet</c> that could run the
/// worker program. The application must reach the hook in its Main. Two checks prevent an endless chain of starts: a
/// host that has not passed the hook starts no workers, and a process that was started as a worker exits if it tries to
/// start a pool.
/// </summary>
internal static class Reexecution
{
    /// <summary>The advice for users whose application does not let the worker in.</summary>
    public const string Advice =
        "Workers are this application, run again. Put this line at the top of Main, before anything else:\n\n    ProcessPool.RunWorkerIfRequested();\n";

    private const string Marker = "--multiproc-worker";

    private static volatile bool _passedHook;

    // On the command line, and not in the environment, which processes started by the application would inherit.
    private static bool IsRequested => Environment.GetCommandLineArgs() is [_, Marker, ..];

    public static void RunIfRequested()
    {
        _passedHook = true;
        if (IsRequested && CurrentWorker.Identity is null)
        {
            Environment.Exit(RunWorker(Environment.GetCommandLineArgs()[2..]));
        }
    }

    /// <summary>
    /// Exits if this process was started as a worker: it must not do the application's work a second time.
    /// </summary>
    public static void ExitIfHookWasMissed()
    {
        if (IsRequested && CurrentWorker.Identity is null)
        {
            Console.Error.WriteLine($"This process was started to be a worker, and was about to start a pool itself. {Advice}");
            Environment.Exit(WorkerExitCode.HookMissed);
        }
    }

    /// <exception cref="WorkerStartException">
    /// The application has not passed the hook, or cannot be run again.
    /// </exception>
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

    /// <summary>The command that runs another application as a worker.</summary>
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
            // The worker is not among the application's dependencies, but beside it.
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(WorkerProgram.FindFile());
        }
    }
}
