using System.Diagnostics;
using System.Globalization;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Records;

namespace MultiProc.Workers.Launch;

/// <summary>The start information of a worker process: its program, arguments and environment.</summary>
internal static class WorkerLaunch
{
    private static readonly (string Variable, string Value)[] DefaultSettings =
    [
        // The collector lets its youngest generation grow to the size of the machine's largest cache, and virtual
        // machines report hundreds of megabytes. Touching new memory costs far more than reusing memory, and there may
        // be many workers.
        (EnvironmentNames.YoungGenerationLimit, "800000"),

        // A worker runs one call at a time and serves no interactive user: pauses do not matter, but a second thread
        // that marks beside it does.
        (EnvironmentNames.ConcurrentCollector, "0"),

        // What a worker calls often it calls often soon. The runtime may optimize it at once, instead of waiting until
        // no new methods are called.
        (EnvironmentNames.CallCountingDelay, "28"),
    ];

    private static readonly Lazy<bool> IsSelfSufficient = new(FindSelfSufficiency);

    /// <param name="options">The pool's options.</param>
    /// <param name="name">The worker's name.</param>
    /// <param name="mark">The value of the environment variable that marks all processes started by the worker.</param>
    /// <exception cref="WorkerStartException">Something that is needed is missing.</exception>
    public static (ProcessStartInfo Start, RuntimeSettings Settings) Create(ProcessPoolOptions options, string name, string mark)
    {
        var (start, settings) = CreateProgram(options);

        // For people who read a list of processes. The worker itself gets its setup through standard input.
        start.ArgumentList.Add("--worker=" + name);
        start.ArgumentList.Add("--host=" + Environment.ProcessId);
        CrashDump.Request(settings, options);
        if (options.MaxWorkerHeapBytes is { } heap)
        {
            settings.Set(EnvironmentNames.HeapHardLimit, heap.ToString("x", CultureInfo.InvariantCulture));
        }

        start.Environment[EnvironmentNames.Mark] = mark;
        return (start, settings);
    }

    /// <summary>Throws if the files that a worker is started from are not those that this process runs.</summary>
    /// <exception cref="WorkerStartException">A file is missing, or is another build.</exception>
    public static void CheckFiles(ProcessStartInfo start) => ApplicationFiles.Check([start.FileName, .. start.ArgumentList]);

    /// <summary>
    /// Creates the start of the stack walk: the same program with the same environment, because it must find the
    /// worker's files in the temporary directory.
    /// </summary>
    /// <exception cref="WorkerStartException">Something that is needed is missing.</exception>
    public static ProcessStartInfo CreateStackWalk(ProcessPoolOptions options, int processId)
    {
        var (start, _) = CreateProgram(options);
        start.ArgumentList.Add(StackListing.Argument(processId));

        // It may be killed, and leaves no files in the temporary directory if it has created none. It should also start
        // fast.
        start.Environment[EnvironmentNames.EnableDiagnostics] = "0";
        start.Environment[EnvironmentNames.ServerCollector] = "0";
        start.Environment[EnvironmentNames.TieredProfile] = "0";
        start.Environment.Remove(EnvironmentNames.StartupHooks);
        return start;
    }

    /// <summary>
    /// Whether workers are the application, run again. A failed start has one more likely cause then.
    /// </summary>
    public static bool Reexecutes(ProcessPoolOptions options) =>
        options.StartMethod == WorkerStartMethod.ReexecuteApplication || (options.StartMethod == WorkerStartMethod.Automatic && IsSelfSufficient.Value);

    /// <summary>Describes how the workers of this application are started.</summary>
    /// <exception cref="WorkerStartException">Something that is needed is missing.</exception>
    public static RecordedApplication Describe(ProcessPoolOptions options)
    {
        var command = CreateCommand(options);
        return new RecordedApplication(
            command.FileName, [.. command.ArgumentList], Reexecutes(options) ? null : DotnetExec.Dependencies,
            options.WorkingDirectory ?? Environment.CurrentDirectory);
    }

    /// <summary>Describes how the workers of another application are started.</summary>
    /// <param name="application">
    /// The full path of its assembly; of its program if it is self-contained or a single file.
    /// </param>
    /// <exception cref="WorkerStartException">The worker program is missing.</exception>
    public static RecordedApplication Describe(string application)
    {
        var isAssembly = Path.GetExtension(application).Equals(".dll", StringComparison.OrdinalIgnoreCase);
        var command = isAssembly ? DotnetExec.CommandFor(application) : Reexecution.Command(application);
        return new RecordedApplication(
            command.FileName, [.. command.ArgumentList], isAssembly ? DotnetExec.DependenciesOf(application) : null, Environment.CurrentDirectory);
    }

    /// <summary>
    /// The simple name of an application's own assembly, given the path of the assembly or of its deps file; empty: the
    /// path is the program itself.
    /// </summary>
    public static string NameOfApplication(string path) =>
        path.EndsWith(DotnetExec.DependenciesSuffix, StringComparison.OrdinalIgnoreCase) ? Path.GetFileName(path)[..^DotnetExec.DependenciesSuffix.Length]
        : Path.GetExtension(path).Equals(".dll", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(path)
        : "";

    /// <summary>
    /// The start of the worker program of an application, this one or another. The caller adds arguments for what it is
    /// to do.
    /// </summary>
    public static ProcessStartInfo CreateProgram(RecordedApplication application, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(application.Program, application.Arguments) { UseShellExecute = false, WorkingDirectory = application.WorkingDirectory };
        AddEnvironment(start, environment);
        return start;
    }

    private static ProcessStartInfo CreateCommand(ProcessPoolOptions options) => Reexecutes(options) ? Reexecution.Command() : DotnetExec.Command(options.RuntimeConfigurationFile);

    private static (ProcessStartInfo Start, RuntimeSettings Settings) CreateProgram(ProcessPoolOptions options)
    {
        var start = CreateCommand(options);
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = options.WorkingDirectory ?? "";
        AddEnvironment(start, options.EnvironmentVariables);
        return (start, AddSettings(start, options.EnvironmentVariables));
    }

    private static void AddEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string?> environment)
    {
        // These variables are meant for this process. Nobody wants to stop a pool inside of a worker.
        start.Environment.Remove(EnvironmentNames.Debug);
        start.Environment.Remove(EnvironmentNames.InProcess);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }
    }

    private static RuntimeSettings AddSettings(ProcessStartInfo start, IReadOnlyDictionary<string, string?> environment)
    {
        var settings = new RuntimeSettings(start);
        foreach (var (variable, value) in DefaultSettings)
        {
            // A variable that the pool's options remove stays removed.
            if (!environment.ContainsKey(variable))
            {
                settings.SetByDefault(variable, value);
            }
        }

        return settings;
    }

    // In a single-file application assemblies have no location. A self-contained application has the runtime in its own
    // folder, and no dotnet.
    private static bool FindSelfSufficiency() =>
        typeof(WorkerLaunch).Assembly.Location.Length == 0 || typeof(object).Assembly.Location is not { Length: > 0 } runtime
        || Path.GetFullPath(Path.GetDirectoryName(runtime)!) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(AppContext.BaseDirectory));
}
