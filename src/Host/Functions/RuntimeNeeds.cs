using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiProc.Host.Functions;

/// <summary>
/// What an assembly needs of the runtime beyond what this command has: shared frameworks such as ASP.NET Core, and the settings of its own runtime configuration.
/// A worker that loads it is started with a configuration made of both.
/// </summary>
internal static class RuntimeNeeds
{
    private const string Core = "Microsoft.NETCore.App";
    private const string Suffix = ".runtimeconfig.json";

    private static readonly string RuntimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>A runtime configuration for workers that load the assemblies; null: this command's own will do.</summary>
    /// <exception cref="InvalidCallException">An assembly's runtime configuration cannot be read, or two assemblies cannot be loaded by one worker.</exception>
    public static string? ConfigurationFor(params IEnumerable<string> assemblyPaths)
    {
        var frameworks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var settings = new JsonObject();
        foreach (var path in assemblyPaths)
        {
            ReadConfiguration(path, frameworks, settings);
            foreach (var (name, version) in FrameworksOf(path))
            {
                frameworks.TryAdd(name, version);
            }
        }

        frameworks.Remove(Core);
        if (frameworks.Count == 0 && settings.Count == 0)
        {
            return null;
        }

        var own = Own();
        foreach (var (name, value) in own["configProperties"] as JsonObject ?? [])
        {
            settings.TryAdd(name, value?.DeepClone());
        }

        frameworks[Core] = own["framework"]?["version"]?.GetValue<string>() ?? Environment.Version.ToString();
        return Write(new JsonObject
        {
            ["runtimeOptions"] = new JsonObject
            {
                ["tfm"] = own["tfm"]?.DeepClone(),
                ["frameworks"] = new JsonArray([.. frameworks.Select(static framework => new JsonObject { ["name"] = framework.Key, ["version"] = framework.Value })]),
                ["configProperties"] = settings,
            },
        });
    }

    private static void ReadConfiguration(string assemblyPath, SortedDictionary<string, string> frameworks, JsonObject settings)
    {
        var path = Path.ChangeExtension(assemblyPath, Suffix);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            var options = JsonNode.Parse(File.ReadAllBytes(path))!["runtimeOptions"]!;
            JsonNode?[] named = [options["framework"], .. options["frameworks"] as JsonArray ?? []];
            foreach (var framework in named.OfType<JsonObject>())
            {
                frameworks[framework["name"]!.GetValue<string>()] = framework["version"]!.GetValue<string>();
            }

            foreach (var (name, value) in options["configProperties"] as JsonObject ?? [])
            {
                settings[name] = value?.DeepClone();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException($"{path} cannot be read as a runtime configuration. Build the project again.", exception);
        }
    }

    // A class library has no runtime configuration: what it refers to, and neither has beside it nor in its packages, is a framework's.
    private static Dictionary<string, string> FrameworksOf(string assemblyPath)
    {
        var found = new Dictionary<string, string>();
        var packages = TryReadPackages(assemblyPath);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>([assemblyPath]);
        while (open.TryPop(out var path))
        {
            foreach (var name in ReferencesOf(path).Where(name => seen.Add(name.Name!)))
            {
                var file = name.Name + ".dll";
                var beside = Path.Combine(Path.GetDirectoryName(assemblyPath)!, file);
                if ((File.Exists(beside) ? beside : packages?.Find(name)) is { } dependency)
                {
                    open.Push(dependency);
                }
                else if (!File.Exists(Path.Combine(RuntimeFolder, file)) && FrameworkWith(file) is { } framework)
                {
                    found.TryAdd(framework.Name, framework.Version);
                }
            }
        }

        return found;
    }

    private static PackageFiles? TryReadPackages(string assemblyPath)
    {
        try
        {
            return PackageFiles.Of(assemblyPath);
        }
        catch (InvalidOperationException)
        {
            // The worker that loads the assembly says so.
            return null;
        }
    }

    private static AssemblyName[] ReferencesOf(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // The worker that loads it says so.
            return [];
        }
    }

    // The newest version with this runtime's major number: others would not load into it.
    private static (string Name, string Version)? FrameworkWith(string file)
    {
        foreach (var framework in Directory.EnumerateDirectories(Path.GetFullPath(Path.Combine(RuntimeFolder, "..", ".."))).Where(static path => Path.GetFileName(path) != Core))
        {
            var newest = Directory.EnumerateDirectories(framework)
                .Where(path => File.Exists(Path.Combine(path, file)))
                .Select(static path => Version.TryParse(Path.GetFileName(path), out var version) ? version : null)
                .Where(static version => version?.Major == Environment.Version.Major)
                .Max();
            if (newest is not null)
            {
                return (Path.GetFileName(framework), newest.ToString());
            }
        }

        return null;
    }

    private static JsonObject Own()
    {
        var path = Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(typeof(RuntimeNeeds).Assembly.Location) + Suffix);
        return File.Exists(path) ? (JsonObject)JsonNode.Parse(File.ReadAllBytes(path))!["runtimeOptions"]! : [];
    }

    // It stays: a recorded call names it, and the next run has the same.
    private static string Write(JsonObject configuration)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(configuration);
        var folder = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache"),
            "multiproc");
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(content))[..16] + Suffix);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            {
                // Another run may read it at this moment.
                var draft = Path.Combine(folder, Path.GetRandomFileName());
                File.WriteAllBytes(draft, content);
                File.Move(draft, path, overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException(
                $"The workers need a runtime configuration of their own, and {path} cannot be written: {exception.Message} Set XDG_CACHE_HOME to a directory that can be written.",
                exception);
        }

        return path;
    }
}
