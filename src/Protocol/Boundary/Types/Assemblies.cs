using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace MultiProc.Protocol.Boundary;

/// <summary>
/// Finds assemblies by simple name among those this process has or is deployed with, and tells the framework's from the user's.
/// </summary>
internal static class Assemblies
{
    private static readonly ConcurrentDictionary<string, Assembly> Found = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<Assembly, bool> Framework = new();

    private static readonly HashSet<string> FrameworkKeys =
    [
        "b03f5f7f11d50a3a", "b77a5c561934e089", "7cec85d7bea7798e", "cc7b13ffcd2ddd51", "adb9793829ddae60", "31bf3856ad364e35",
    ];

    /// <summary>The assembly named <paramref name="simpleName"/>.</summary>
    /// <exception cref="BoundaryFormatException">This process has no such assembly.</exception>
    public static Assembly Find(string simpleName)
    {
        if (Found.TryGetValue(simpleName, out var known))
        {
            return known;
        }

        var assembly = Loaded(simpleName) ?? Load(simpleName);
        Found.TryAdd(simpleName, assembly);
        return assembly;
    }

    /// <summary>Whether <paramref name="type"/> belongs to .NET itself or to Microsoft's extensions of it.</summary>
    public static bool IsFramework(Type type) => Framework.GetOrAdd(type.Assembly, static assembly =>
    {
        var name = assembly.GetName();
        return name.Name is { } simple
            && (simple is "System" or "mscorlib" or "netstandard" or "WindowsBase" || simple.StartsWith("System.", StringComparison.Ordinal)
                || simple.StartsWith("Microsoft.", StringComparison.Ordinal))
            && name.GetPublicKeyToken() is { Length: > 0 } token
            && FrameworkKeys.Contains(Convert.ToHexStringLower(token));
    });

    /// <summary>Whether the other process can find <paramref name="assembly"/> by its name.</summary>
    public static bool IsDeployed(Assembly assembly) => !assembly.IsDynamic && !assembly.IsCollectible;

    private static Assembly? Loaded(string simpleName) =>
        Among(AssemblyLoadContext.Default.Assemblies, simpleName) ?? Among(AppDomain.CurrentDomain.GetAssemblies(), simpleName);

    // By the text of the full name: an AssemblyName brings the cultures with it, which a worker may never need.
    private static Assembly? Among(IEnumerable<Assembly> assemblies, string simpleName)
    {
        foreach (var assembly in assemblies)
        {
            if (!assembly.IsDynamic && assembly.FullName is { } name && name.Length > simpleName.Length && name[simpleName.Length] == ','
                && name.StartsWith(simpleName, StringComparison.OrdinalIgnoreCase))
            {
                return assembly;
            }
        }

        return null;
    }

    private static Assembly Load(string simpleName)
    {
        try
        {
            return Assembly.Load(new AssemblyName { Name = simpleName });
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or ArgumentException)
        {
            throw new BoundaryFormatException(
                $"This process has no assembly '{simpleName}'. Deploy it to the worker and the host alike.", exception);
        }
    }
}
