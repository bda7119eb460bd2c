using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace MultiProc.Boundary;

/// <summary>
/// Finds assemblies by simple name among those this process has or is deployed with, and tells the framework's from the user's.
/// </summary>
internal static class Assemblies
{
    private static readonly ConcurrentDictionary<string, Assembly> Found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The assembly named <paramref name="simpleName"/>, behind which the key of a plug-in may stand (<see cref="PlugIns.Name"/>).</summary>
    /// <exception cref="BoundaryFormatException">This process has no such assembly.</exception>
    public static Assembly Find(string simpleName)
    {
        if (Found.TryGetValue(simpleName, out var known))
        {
            return known;
        }

        var assembly = PlugIns.HasKey(simpleName) ? PlugIns.Find(simpleName) : PlugIns.FindShared(simpleName) ?? Loaded(simpleName) ?? Load(simpleName);
        if (!assembly.IsCollectible)
        {
            Found.TryAdd(simpleName, assembly);
        }

        return assembly;
    }

    /// <summary>The assembly named <paramref name="simpleName"/>, if it is loaded.</summary>
    public static Assembly? FindLoaded(string simpleName) =>
        Found.TryGetValue(simpleName, out var known) ? known : PlugIns.FindShared(simpleName) ?? Loaded(simpleName);

    /// <summary>Whether <paramref name="type"/> belongs to <see cref="SharedFramework"/>.</summary>
    public static bool IsFramework(Type type) => SharedFramework.Contains(type.Assembly);

    private static Assembly? Loaded(string simpleName) =>
        Among(AssemblyLoadContext.Default.Assemblies, simpleName) ?? Among(AppDomain.CurrentDomain.GetAssemblies(), simpleName);

    private static Assembly? Among(IEnumerable<Assembly> assemblies, string simpleName)
    {
        foreach (var assembly in assemblies)
        {
            if (!assembly.IsDynamic && assembly.IsNamed(simpleName))
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
                $"This process has no assembly '{simpleName}'. Deploy it to the worker and the host alike.", exception)
            {
                MissingAssembly = simpleName,
            };
        }
    }
}
