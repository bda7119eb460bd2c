using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MultiProc.Boundary;

/// <summary>
/// Load contexts besides the default one. Type names tell them by a key, which says where the plug-in's main assembly is; a worker makes a context of its own
/// for each key that it has not met, and finds the plug-in's assemblies there by the plug-in's own deps file, as the host's context does.
/// </summary>
internal static class PlugIns
{
    // No simple name of an assembly has it, nor a path on Windows.
    private const char Separator = '|';

    private static readonly AssemblyLoadContext? Library = AssemblyLoadContext.GetLoadContext(typeof(PlugIns).Assembly);
    private static readonly ConditionalWeakTable<AssemblyLoadContext, PlugIn> Known = [];
    private static readonly ConcurrentDictionary<string, WeakReference<AssemblyLoadContext>> ByKey = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Lazy<PlugInContext>> Made = new(StringComparer.Ordinal);
    private static int _count;

    /// <summary>Whether contexts are made for keys that are not known: in worker processes only.</summary>
    public static bool MakesContexts { get; set; }

    /// <summary>The simple name of <paramref name="assembly"/>, and the key of its context if that is not the default one; null when no other process can find it.</summary>
    public static string? Name(Assembly assembly)
    {
        if (assembly.IsDynamic)
        {
            return null;
        }

        var name = assembly.SimpleName();
        var context = AssemblyLoadContext.GetLoadContext(assembly);
        if (context is null || context == AssemblyLoadContext.Default || (context == Library && PlugInContext.IsShared(name, withLibrary: true)))
        {
            return name;
        }

        return PlugInOf(context) is { Key: { } key } ? name + Separator + key : null;
    }

    /// <summary>Whether the name that <see cref="Name"/> made has a key.</summary>
    public static bool HasKey(string name) => name.Contains(Separator, StringComparison.Ordinal);

    /// <summary>The assembly that <see cref="Name"/> named with a key.</summary>
    /// <exception cref="BoundaryFormatException">This process has no such context, or the assembly is not found there.</exception>
    public static Assembly Find(string name)
    {
        var at = name.IndexOf(Separator, StringComparison.Ordinal);
        var (simpleName, key) = (name[..at], name[(at + 1)..]);
        var context = ContextOf(key, MakesContexts)
            ?? throw new BoundaryFormatException($"The load context of '{simpleName}' ({PlugIn.PathOf(key)}) is not in this process, or was unloaded.");
        try
        {
            return context.Assemblies.FirstOrDefault(assembly => assembly.IsNamed(simpleName))
                ?? context.LoadFromAssemblyName(new AssemblyName { Name = simpleName });
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or ArgumentException)
        {
            throw new BoundaryFormatException($"The plug-in {PlugIn.PathOf(key)} has no assembly '{simpleName}' in this process.", exception);
        }
    }

    /// <summary>The assembly of this library, or one that it shares with a plug-in whose context it was loaded into; null: not one of those.</summary>
    public static Assembly? FindShared(string simpleName) =>
        Library is not null && Library != AssemblyLoadContext.Default && PlugInContext.IsShared(simpleName, withLibrary: true)
            ? Library.LoadFromAssemblyName(new AssemblyName { Name = simpleName })
            : null;

    /// <summary>What <see cref="Name"/> put together: the simple name, and the context, if this process has it; none is made.</summary>
    public static (string SimpleName, AssemblyLoadContext? Context) Split(string name)
    {
        var at = name.IndexOf(Separator, StringComparison.Ordinal);
        return (name[..at], ContextOf(name[(at + 1)..], mayMake: false));
    }

    private static AssemblyLoadContext? ContextOf(string key, bool mayMake)
    {
        if (ByKey.TryGetValue(key, out var known) && known.TryGetTarget(out var context))
        {
            return context;
        }

        // A context that another process made by itself, as the command line does for the assembly it was given: here is one for the same plug-in.
        var path = PlugIn.PathOf(key);
        if (AssemblyLoadContext.All.FirstOrDefault(other => other != AssemblyLoadContext.Default && PlugInOf(other).Path == path) is { } same && !mayMake)
        {
            return same;
        }

        return mayMake && path.Length > 0 ? Made.GetOrAdd(key, static key => new Lazy<PlugInContext>(() => Make(key))).Value : null;
    }

    private static PlugInContext Make(string key)
    {
        var context = new PlugInContext(PlugIn.PathOf(key), PlugIn.HasLibrary(key));
        Known.Add(context, new PlugIn(PlugIn.PathOf(key), key));
        return context;
    }

    private static PlugIn PlugInOf(AssemblyLoadContext context)
    {
        if (Known.TryGetValue(context, out var known))
        {
            return known;
        }

        var made = MainAssemblyOf(context) is { } path
            ? new PlugIn(path, PlugIn.MakeKey(Interlocked.Increment(ref _count), path, hasLibrary: context == Library))
            : new PlugIn(null, null);
        if (made.Key is null)
        {
            // Its assemblies may yet come.
            return made;
        }

        known = Known.GetOrAdd(context, made);
        foreach (var (key, gone) in ByKey)
        {
            if (!gone.TryGetTarget(out _))
            {
                ByKey.TryRemove(key, out _);
            }
        }

        ByKey.TryAdd(known.Key!, new WeakReference<AssemblyLoadContext>(context));
        return known;
    }

    // The first that has a list of dependencies; of none that was loaded from memory.
    private static string? MainAssemblyOf(AssemblyLoadContext context)
    {
        var paths = context.Assemblies.Where(static assembly => !assembly.IsDynamic)
            .Select(static assembly => assembly.Location).Where(static path => path.Length > 0).ToList();
        return paths.Find(static path => File.Exists(Path.ChangeExtension(path, ".deps.json"))) ?? paths.FirstOrDefault();
    }

    /// <summary>A context: its main assembly, and its key; null when it has no assembly that another process could load.</summary>
    private sealed record PlugIn(string? Path, string? Key)
    {
        private const char WithLibrary = '+';
        private const char Alone = ':';

        // The process and a number tell apart what was loaded twice from one place.
        public static string MakeKey(int number, string path, bool hasLibrary) =>
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{number}{(hasLibrary ? WithLibrary : Alone)}{Escape(path)}");

        public static string PathOf(string key) => key.IndexOfAny([WithLibrary, Alone]) is > 0 and var at ? Unescape(key[(at + 1)..]) : "";

        public static bool HasLibrary(string key) => key.IndexOfAny([WithLibrary, Alone]) is > 0 and var at && key[at] == WithLibrary;

        // What ends the name of an assembly in the name of a type.
        private static string Escape(string path) =>
            path.Replace("%", "%25", StringComparison.Ordinal).Replace("]", "%5D", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

        private static string Unescape(string path) =>
            path.Replace("%2C", ",", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
    }
}
