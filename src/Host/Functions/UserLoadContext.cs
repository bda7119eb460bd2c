using System.Reflection;
using System.Runtime.Loader;

namespace MultiProc.Host.Functions;

/// <summary>
/// Where a worker loads an assembly that was named by its path: its dependencies come from its own folder and deps file, and for a class library from the NuGet
/// cache, so that they are the versions it was built with and not this command's. Only what it shares with the worker - MultiProc and the types in MultiProc's
/// public surface - comes from the worker.
/// </summary>
internal sealed class UserLoadContext : AssemblyLoadContext
{
    private static readonly HashSet<string> Shared = new(
        ["MultiProc", "MultiProc.Boundary", "MultiProc.Protocol", "MultiProc.Worker", "Microsoft.Extensions.Logging.Abstractions"], StringComparer.OrdinalIgnoreCase);

    private readonly AssemblyDependencyResolver? _resolver;
    private readonly PackageFiles _packages;
    private readonly string _folder;

    /// <exception cref="InvalidOperationException">The file is no assembly, or its list of dependencies cannot be read.</exception>
    public UserLoadContext(string assemblyPath)
        : base(Path.GetFileNameWithoutExtension(assemblyPath))
    {
        _folder = Path.GetDirectoryName(assemblyPath)!;
        _packages = PackageFiles.Of(assemblyPath);
        try
        {
            _resolver = new AssemblyDependencyResolver(assemblyPath);
        }
        catch (InvalidOperationException) when (_packages.Assemblies.Any())
        {
            // It wants every file of the list beside the assembly, and has no word for the NuGet cache.
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        !Shared.Contains(assemblyName.Name ?? "") && Find(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        (_resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) ?? _packages.FindNative(unmanagedDllName)) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private string? Find(AssemblyName name)
    {
        var beside = Path.Combine(_folder, name.CultureName ?? "", name.Name + ".dll");
        return _resolver?.ResolveAssemblyToPath(name) ?? (_resolver is null && File.Exists(beside) ? beside : null) ?? _packages.Find(name);
    }
}
