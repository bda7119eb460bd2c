using System.Reflection;
using Microsoft.CodeAnalysis;

namespace MultiProc.Analyzers;

/// <summary>What the rules say. Each has a page in docs/rules.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor CapturesThis = Rule(
        "MULTIPROC001", "A lambda captures this", "The lambda uses '{0}' of this {1}, so the whole object is copied to the worker. Copy what it needs to a local variable first.",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor CapturedCannotCross = Rule(
        "MULTIPROC002", "A captured variable cannot cross", "'{0}' is a {1} and cannot be copied to a worker: {2}");

    public static readonly DiagnosticDescriptor TypeCannotCross = Rule(
        "MULTIPROC003", "An argument or result type cannot cross", "'{0}' is a {1} and cannot be copied between processes: {2}");

    public static readonly DiagnosticDescriptor StaticStaysInWorker = Rule(
        "MULTIPROC004", "A static that a worker changes is read in the host",
        "The worker changes its own '{0}', which this process does not see when it reads it in '{1}'. Return the value instead, or use a SharedValue.", isAtEnd: true);

    public static readonly DiagnosticDescriptor NeverDisposed = Rule(
        "MULTIPROC005", "A pool is never disposed", "'{0}' is never disposed, so its processes stay until this one ends. {1}.");

    public static readonly DiagnosticDescriptor OwnBuckets = Rule(
        "MULTIPROC010", "A hash table of your own loses its keys",
        "'{0}' keeps items by their hash codes, which are others in each process, and does not enumerate them: its copy will not find them. Use a Dictionary, or fill it in an [OnDeserialized] method.");

    public static readonly DiagnosticDescriptor IgnoredTask = Rule(
        "MULTIPROC006", "The task of a call is ignored", "Nobody learns how this call ends, not even that it failed. Await the task of '{0}'.");

    public static readonly DiagnosticDescriptor StaticStaysInHost = Rule(
        "MULTIPROC007", "A static that the host changes is read in a worker",
        "The worker has its own '{0}', which is what it was before '{1}' changed it in this process. Pass the value as an argument, capture a copy of it, or set it in an initializer.",
        isAtEnd: true);

    public static readonly DiagnosticDescriptor HookIsMissing = Rule(
        "MULTIPROC008", "A self-contained application does not let its workers in",
        "This application is published {0}, so its workers are the application run again, and nothing lets them in: 'StartAsync' will fail. " +
        "Put 'ProcessPool.RunWorkerIfRequested();' at the top of Main.",
        isAtEnd: true);

    private const string Category = "MultiProc";

    private static DiagnosticDescriptor Rule(
        string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Warning, bool isAtEnd = false) =>
        new(
            id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: Pages + id + ".md",
            customTags: isAtEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []);

    /// <summary>Where the pages were published from: with the sources, at the commit that this was built from. Otherwise, their place in the repository and in the package.</summary>
    private static string Pages
    {
        get
        {
            const string Folder = "docs/rules/";
            var assembly = typeof(Descriptors).Assembly;
            var repository = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static data => data.Key == "RepositoryUrl")?.Value ?? "";
            var commit = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+').ElementAtOrDefault(1);
            if (commit is null || !repository.StartsWith("https://", StringComparison.Ordinal))
            {
                return Folder;
            }

            return (repository.EndsWith(".git", StringComparison.Ordinal) ? repository.Substring(0, repository.Length - ".git".Length) : repository) + "/blob/" + commit + "/" + Folder;
        }
    }
}
