using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyModel;

namespace MultiProc.Host.Functions;

/// <summary>
/// The files of the packages that an assembly was built with, in the NuGet cache of this machine. The build of a class library leaves them there, and lists them in
/// the library's <c>.deps.json</c>; only the build of an application copies them.
/// </summary>
internal sealed class PackageFiles
{
    private readonly Dictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _native = new(StringComparer.OrdinalIgnoreCase);

    private PackageFiles()
    {
    }

    /// <summary>Reads the list of dependencies that lies beside the assembly; without one there are no packages.</summary>
    /// <exception cref="InvalidOperationException">The list cannot be read.</exception>
    public static PackageFiles Of(string assemblyPath)
    {
        var files = new PackageFiles();
        var list = Path.ChangeExtension(assemblyPath, ".deps.json");
        if (!File.Exists(list))
        {
            return files;
        }

        try
        {
            using var stream = File.OpenRead(list);
            using var reader = new DependencyContextJsonReader();
            foreach (var library in reader.Read(stream).RuntimeLibraries)
            {
                files.Add(library);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The reader throws whatever the damage brings about: InvalidCastException, FormatException, JsonException.
            throw new InvalidOperationException($"{list} cannot be read.", exception);
        }

        return files;
    }

    /// <summary>The paths of all assemblies.</summary>
    public IEnumerable<string> Assemblies => _assemblies.Values;

    /// <summary>Where an assembly is; null: no package has it, or the cache does not have the package.</summary>
    public string? Find(AssemblyName name) => _assemblies.GetValueOrDefault(string.IsNullOrEmpty(name.CultureName) ? name.Name! : $"{name.CultureName}/{name.Name}");

    /// <summary>Where a native library is, by the name that the code has for it; null: no package has it, or the cache does not have the package.</summary>
    public string? FindNative(string name)
    {
        string[] spellings = [name, name + ".dll", $"lib{name}.so", name + ".so", $"lib{name}.dylib", name + ".dylib"];
        return spellings.Select(spelling => _native.GetValueOrDefault(spelling)).FirstOrDefault(static path => path is not null);
    }

    private void Add(RuntimeLibrary library)
    {
        if (library.Type != "package" || library.Path is null)
        {
            return;
        }

        var folder = Roots().Select(root => Path.Combine(root, library.Path)).FirstOrDefault(Directory.Exists);
        if (folder is null)
        {
            return;
        }

        foreach (var path in FilesOf(library.RuntimeAssemblyGroups))
        {
            AddTo(_assemblies, Path.GetFileNameWithoutExtension(path), folder, path);
        }

        foreach (var path in FilesOf(library.NativeLibraryGroups))
        {
            AddTo(_native, Path.GetFileName(path), folder, path);
        }

        foreach (var resource in library.ResourceAssemblies)
        {
            AddTo(_assemblies, $"{resource.Locale}/{Path.GetFileNameWithoutExtension(resource.Path)}", folder, resource.Path);
        }
    }

    private static void AddTo(Dictionary<string, string> files, string name, string folder, string path)
    {
        var file = Path.Combine(folder, path);
        if (File.Exists(file))
        {
            files.TryAdd(name, file);
        }
    }

    // The group of the most particular kind of system stands for all.
    private static IEnumerable<string> FilesOf(IReadOnlyList<RuntimeAssetGroup> groups) =>
        Systems().Select(system => groups.FirstOrDefault(group => (group.Runtime ?? "") == system)).FirstOrDefault(static group => group is not null)?.AssetPaths ?? [];

    private static string[] Systems()
    {
        var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return OperatingSystem.IsWindows() ? [RuntimeInformation.RuntimeIdentifier, $"win-{processor}", "win", "any", ""]
            : OperatingSystem.IsMacOS() ? [RuntimeInformation.RuntimeIdentifier, $"osx-{processor}", "osx", "unix", "any", ""]
            : [RuntimeInformation.RuntimeIdentifier, $"linux-{processor}", "linux", $"unix-{processor}", "unix", "any", ""];
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured)
        {
            yield return configured;
        }

        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    }
}
