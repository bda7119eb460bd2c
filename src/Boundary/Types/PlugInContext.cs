using System.Reflection;
using System.Runtime.Loader;

namespace MultiProc.Boundary;

/// <summary>A plug-in's load context in a worker: it finds what the host's finds by the documented pattern, with an <see cref="AssemblyDependencyResolver"/>.</summary>
internal sealed class PlugInContext : AssemblyLoadContext
{
    private readonly string _path;
    private readonly bool _withLibrary;
    private readonly AssemblyDependencyResolver? _resolver;

    /// <param name="path">The plug-in's main assembly.</param>
    /// <param name="withLibrary">Whether the host's context holds this library, too.</param>
    public PlugInContext(string path, bool withLibrary)
        : base(Path.GetFileNameWithoutExtension(path))
    {
        _path = path;
        _withLibrary = withLibrary;
        try
        {
            _resolver = new AssemblyDependencyResolver(path);
        }
        catch (InvalidOperationException)
        {
            // Its list of dependencies names files that are not there: it was not built as a plug-in is. What lies beside it is found all the same.
        }
    }

    /// <summary>Whether the worker's own assembly of that name serves the plug-in, too.</summary>
    /// <param name="simpleName">The assembly.</param>
    /// <param name="withLibrary">Whether the host's context holds this library, and with it what the library's users see of others.</param>
    public static bool IsShared(string simpleName, bool withLibrary) =>
        LibraryAssemblies.IsOfWorker(simpleName)
        || (withLibrary && simpleName is ("Microsoft.Extensions.Logging.Abstractions" or "MessagePack" or "MessagePack.Annotations"));

    protected override Assembly? Load(AssemblyName assemblyName) =>
        !IsShared(assemblyName.Name ?? "", _withLibrary) && Find(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;

    private string? Find(AssemblyName name)
    {
        if (_resolver is not null)
        {
            return _resolver.ResolveAssemblyToPath(name);
        }

        var beside = Path.Combine(Path.GetDirectoryName(_path)!, name.CultureName ?? "", name.Name + ".dll");
        return File.Exists(beside) ? beside : null;
    }
}
