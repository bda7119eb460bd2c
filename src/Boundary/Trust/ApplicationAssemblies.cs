using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MultiProc.Boundary;

/// <summary>
/// The assemblies of an application: its entry assembly, those whose functions were submitted, and all that these reference, transitively. Without the shared
/// framework and without this library, whose own references do not count either. Thread-safe.
/// </summary>
/// <remarks>
/// What lies beside the application, or was loaded for other reasons, is none of them. A reference is looked for in the load context of the assembly that has it, so a
/// plug-in brings what its own context finds. A referenced assembly is loaded only when one is asked for that could be reached through it: never because a worker
/// named it. Assemblies are held weakly: a collectible load context can be unloaded.
/// </remarks>
internal sealed class ApplicationAssemblies
{
    private static readonly object Member = new();
    private static readonly Lazy<HashSet<string>?> Deployed = new(FindDeployed);

    private readonly ConditionalWeakTable<Assembly, object> _members = [];
    private readonly ConcurrentDictionary<string, WeakReference<Assembly>> _byName = new(StringComparer.OrdinalIgnoreCase);

    // References to assemblies that were not loaded when they were met. Also the lock.
    private readonly List<Pending> _pending = [];

    /// <summary>Those of this process: of its entry assembly, and of whatever was included since.</summary>
    public static ApplicationAssemblies OfProcess { get; } = Create(Assembly.GetEntryAssembly());

    private static ApplicationAssemblies Create(Assembly? entry)
    {
        var assemblies = new ApplicationAssemblies();
        if (entry is not null)
        {
            assemblies.Include(entry);
        }

        return assemblies;
    }

    /// <summary>Includes <paramref name="root"/>, and what it references.</summary>
    public void Include(Assembly root)
    {
        if (!root.IsDynamic)
        {
            Add(root);
        }
    }

    /// <summary>Includes the assembly of this simple name in the default load context, and what it references. It is loaded when it is asked for.</summary>
    public void Include(string simpleName) => AddReference(new AssemblyName(simpleName), AssemblyLoadContext.Default);

    /// <summary>Includes the assembly of a submitted function; where the function is a wrapper of this library, those of the functions in it.</summary>
    public void Include(Delegate function)
    {
        foreach (var single in function.HasSingleTarget ? [function] : function.GetInvocationList())
        {
            if (single.Target is { } target && WrapperAttribute.IsOn(target.GetType()))
            {
                foreach (var field in target.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
                {
                    if (field.GetValue(target) is Delegate wrapped)
                    {
                        Include(wrapped);
                    }
                }
            }
            else
            {
                Include(single.Method.Module.Assembly);
            }
        }
    }

    /// <summary>Whether <paramref name="assembly"/> is known as one of them so far.</summary>
    public bool HasMet(Assembly assembly) => _members.TryGetValue(assembly, out _);

    /// <summary>Whether <paramref name="assembly"/> is one of them.</summary>
    public bool Contains(Assembly assembly)
    {
        if (HasMet(assembly))
        {
            return true;
        }

        if (assembly.IsDynamic)
        {
            return false;
        }

        Reach(assembly.SimpleName(), () => HasMet(assembly));
        return HasMet(assembly);
    }

    /// <summary>The one of this simple name; null: there is none.</summary>
    public Assembly? Find(string simpleName)
    {
        if (Known(simpleName) is { } known)
        {
            return known;
        }

        if (IsHere(simpleName))
        {
            Reach(simpleName, () => Known(simpleName) is not null);
        }

        return Known(simpleName);
    }

    /// <summary>The one of this simple name in <paramref name="context"/>; null: there is none.</summary>
    public Assembly? Find(string simpleName, AssemblyLoadContext context)
    {
        Assembly? found = null;
        Reach(simpleName, () =>
        {
            found = context.Assemblies.FirstOrDefault(assembly => assembly.IsNamed(simpleName) && HasMet(assembly));
            return found is not null;
        });
        return found;
    }

    private Assembly? Known(string simpleName) => _byName.TryGetValue(simpleName, out var reference) && reference.TryGetTarget(out var known) ? known : null;

    // Follows references that have not been followed, first those to that name, until it is reached. Outside the lock: loading runs code of the application.
    private void Reach(string name, Func<bool> isReached)
    {
        while (!isReached() && TakePending(name) is { } pending)
        {
            if (pending.Load() is { } assembly)
            {
                Add(assembly);
            }
        }
    }

    private Pending? TakePending(string name)
    {
        lock (_pending)
        {
            var at = Math.Max(0, _pending.FindIndex(pending => pending.IsNamed(name)));
            if (at == _pending.Count)
            {
                return null;
            }

            var taken = _pending[at];
            _pending.RemoveAt(at);
            return taken;
        }
    }

    private void Add(Assembly assembly)
    {
        var found = new Stack<Assembly>([assembly]);
        while (found.TryPop(out var next))
        {
            var name = next.SimpleName();
            if (SharedFramework.Contains(name) || LibraryAssemblies.Contains(name) || !_members.TryAdd(next, Member))
            {
                continue;
            }

            // Where two plug-ins have one of the same name, the first counts, as elsewhere in the boundary.
            if (Known(name) is null)
            {
                _byName[name] = new WeakReference<Assembly>(next);
            }

            var context = AssemblyLoadContext.GetLoadContext(next) ?? AssemblyLoadContext.Default;
            foreach (var reference in next.GetReferencedAssemblies())
            {
                if (AddReference(reference, context) is { } loaded)
                {
                    found.Push(loaded);
                }
            }
        }
    }

    // The assembly if its context has it; else it is noted.
    private Assembly? AddReference(AssemblyName reference, AssemblyLoadContext context)
    {
        if (reference.Name is not { } name || SharedFramework.Contains(name) || LibraryAssemblies.Contains(name))
        {
            return null;
        }

        if (context.Assemblies.FirstOrDefault(assembly => assembly.IsNamed(name)) is { } loaded)
        {
            return loaded;
        }

        lock (_pending)
        {
            if (!_pending.Exists(pending => pending.IsNamed(name) && pending.IsIn(context)))
            {
                _pending.Add(new Pending(reference, new WeakReference<AssemblyLoadContext>(context)));
            }
        }

        return null;
    }

    // A name that nothing here has is not worth loading everything for.
    private static bool IsHere(string simpleName) =>
        Deployed.Value is not { } deployed || deployed.Contains(simpleName)
            || AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.IsNamed(simpleName))
            || AssemblyLoadContext.All.Any(static context => context != AssemblyLoadContext.Default);

    // Null: it cannot be told, as in a single file.
    private static HashSet<string>? FindDeployed() =>
        typeof(ApplicationAssemblies).Assembly.Location.Length > 0 && AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string paths
            ? paths.Split(Path.PathSeparator).Select(static path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;

    private sealed record Pending(AssemblyName Name, WeakReference<AssemblyLoadContext> Context)
    {
        public bool IsNamed(string name) => string.Equals(Name.Name, name, StringComparison.OrdinalIgnoreCase);

        public bool IsIn(AssemblyLoadContext context) => Context.TryGetTarget(out var own) && ReferenceEquals(own, context);

        /// <summary>The assembly, as its context finds it; null: it does not.</summary>
        public Assembly? Load()
        {
            try
            {
                return Context.TryGetTarget(out var context) ? context.LoadFromAssemblyName(Name) : null;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A reference that leads nowhere, which is usual for what is only needed on other systems; or a handler of the application that looks for assemblies threw.
                return null;
            }
        }
    }
}
