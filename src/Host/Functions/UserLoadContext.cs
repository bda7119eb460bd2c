using System.Reflection;
using System.Runtime.Loader;

namespace MultiProc.Host.Functions;

/// <summary>
/// Where a worker loads an assembly that was named by its path: its dependencies come from its own folder and deps file, so that they are the versions it was
/// built with and not this command's. Only what it shares with the worker - MultiProc and the types in MultiProc's public surface - comes from the worker.
/// </summary>
internal sealed class UserLoadContext(string assemblyPath) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assemblyPath))
{
    private static readonly HashSet<string> Shared = new(
        ["MultiProc", "MultiProc.Protocol", "MultiProc.Worker", "Microsoft.Extensions.Logging.Abstractions"], StringComparer.OrdinalIgnoreCase);

    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        !Shared.Contains(assemblyName.Name ?? "") && _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
