using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>The assemblies of this library, and of the packages that it brings.</summary>
internal static class LibraryAssemblies
{
    private static readonly HashSet<string> Own = new(
        [
            "MultiProc", "MultiProc.Boundary", "MultiProc.Protocol", "MultiProc.Worker", "MultiProc.Extensions.Hosting", "MultiProc.Extensions.SpectreConsole", "MultiProc.FSharp",
            "MultiProc.Cluster", "MultiProc.Cluster.Redis",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Brought = new(
        [
            "MessagePack", "MessagePack.Annotations", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.NET.StringTools", "Microsoft.VisualStudio.Threading", "Microsoft.VisualStudio.Validation", "Nerdbank.MessagePack", "Nerdbank.Streams",
            "Newtonsoft.Json", "PolyType", "StreamJsonRpc",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether an assembly of this simple name belongs to the worker program. The extensions do not, and neither does the
    /// command line tool: they are code of applications.
    /// </summary>
    public static bool IsOfWorker(string simpleName) => simpleName is "MultiProc" or "MultiProc.Boundary" or "MultiProc.Protocol" or "MultiProc.Worker";

    /// <summary>Whether <paramref name="assembly"/> is a part of this library.</summary>
    public static bool Contains(Assembly assembly) => Contains(assembly.SimpleName());

    /// <summary>Whether an assembly of this simple name is a part of this library.</summary>
    public static bool Contains(string simpleName) => Own.Contains(simpleName);

    /// <summary>Whether an assembly of this simple name comes from a package that this library references.</summary>
    public static bool Brings(string simpleName) => Brought.Contains(simpleName);
}
