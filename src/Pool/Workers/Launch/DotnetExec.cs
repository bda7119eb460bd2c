using System.Diagnostics;
using System.Reflection;
using MultiProc.Diagnostics;

namespace MultiProc.Workers.Launch;

/// <summary>
/// The command line <c>dotnet exec</c> with the application's own deps file and runtime configuration, and the worker
/// as the program. So user assemblies, and the versions of all dependencies, are the same as in the host.
/// </summary>
internal static class DotnetExec
{
    private static readonly Lazy<string> Dotnet = new(FindDotnet);
    private static readonly Lazy<(string? Dependencies, string? Configuration)> Application = new(FindApplication);

    /// <summary>The suffix of the name of a deps file.</summary>
    public const string DependenciesSuffix = ".deps.json";

    /// <summary>The application's deps file; null: it has none.</summary>
    public static string? Dependencies => Application.Value.Dependencies;

    /// <param name="runtimeConfiguration">The runtime configuration; null: the application's own.</param>
    /// <exception cref="WorkerStartException">The worker program is missing.</exception>
    public static ProcessStartInfo Command(string? runtimeConfiguration) =>
        Command(runtimeConfiguration ?? Application.Value.Configuration, Application.Value.Dependencies, WorkerProgram.FindFile());

    /// <summary>The command line for another application, by the full path of its assembly.</summary>
    /// <exception cref="WorkerStartException">The worker program is missing.</exception>
    public static ProcessStartInfo CommandFor(string assembly) => Command(
        FirstExisting(Path.ChangeExtension(assembly, ".runtimeconfig.json")), DependenciesOf(assembly), WorkerProgram.FindFile(Path.GetDirectoryName(assembly)));

    /// <summary>The deps file of another application; null: it has none.</summary>
    public static string? DependenciesOf(string assembly) => FirstExisting(Path.ChangeExtension(assembly, DependenciesSuffix));

    private static ProcessStartInfo Command(string? configuration, string? dependencies, string worker)
    {
        var start = new ProcessStartInfo(Dotnet.Value);
        start.ArgumentList.Add("exec");
        if (configuration is not null)
        {
            start.ArgumentList.Add("--runtimeconfig");
            start.ArgumentList.Add(configuration);
        }

        if (dependencies is not null)
        {
            start.ArgumentList.Add("--depsfile");
            start.ArgumentList.Add(dependencies);
        }

        start.ArgumentList.Add(worker);
        return start;
    }

    private static string FindDotnet()
    {
        // The runtime that runs this code is at <root>/shared/Microsoft.NETCore.App/<version>.
        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var root = Path.GetFullPath(Path.Combine(runtime ?? "", "..", "..", ".."));
        if (File.Exists(Path.Combine(root, program)))
        {
            return Path.Combine(root, program);
        }

        return Environment.GetEnvironmentVariable(EnvironmentNames.DotnetRoot) is { Length: > 0 } configured && File.Exists(Path.Combine(configured, program))
            ? Path.Combine(configured, program)
            : program;
    }

    private static (string? Dependencies, string? Configuration) FindApplication()
    {
        var dependencies = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (dependencies is null || !File.Exists(dependencies))
        {
            return (null, FirstExisting(Path.ChangeExtension(Assembly.GetEntryAssembly()?.Location, ".runtimeconfig.json")));
        }

        return (dependencies, FirstExisting(
            dependencies.EndsWith(DependenciesSuffix, StringComparison.Ordinal) ? dependencies[..^DependenciesSuffix.Length] + ".runtimeconfig.json" : null,
            Path.ChangeExtension(Assembly.GetEntryAssembly()?.Location, ".runtimeconfig.json")));
    }

    private static string? FirstExisting(params string?[] paths) => paths.FirstOrDefault(static path => File.Exists(path));
}
