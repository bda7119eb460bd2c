using System.Reflection;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Records;

/// <summary>
/// The rule for the functions that a foreign record may name: methods of the application's own assembly, and of the
/// assemblies that it references, transitively. Excluded are the shared framework, this library, and functions that
/// find another function by name.
/// </summary>
/// <param name="application">The simple name of the application's own assembly; empty: the entry assembly.</param>
/// <param name="finder">The metadata key by which an assembly declares that its functions find others by name.</param>
internal sealed class ForeignCode(string application, string finder)
{
    private readonly Lazy<HashSet<Assembly>> _assemblies = new(() => Closure(application));

    /// <summary>The trust in a foreign record, which is the same as in the application's workers.</summary>
    /// <param name="application">The simple name of the application's own assembly; empty: the entry assembly.</param>
    public static Trust TrustIn(string application)
    {
        if (application.Length == 0)
        {
            return new Trust(ApplicationAssemblies.OfProcess);
        }

        var assemblies = new ApplicationAssemblies();
        assemblies.Include(application);
        return new Trust(assemblies);
    }

    /// <summary>Throws for a function that a foreign record may not name.</summary>
    /// <exception cref="BoundaryFormatException">The function is not allowed.</exception>
    public void Require(Delegate function)
    {
        foreach (var single in function.GetInvocationList())
        {
            if (single.Target is { } target && WrapperAttribute.IsOn(target.GetType()))
            {
                foreach (var wrapped in target.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Select(field => field.GetValue(target)))
                {
                    if (wrapped is Delegate inner)
                    {
                        Require(inner);
                    }
                }

                continue;
            }

            var assembly = single.Method.Module.Assembly;
            if (!_assemblies.Value.Contains(assembly) || single.Method.GetMethodBody() is null)
            {
                throw new BoundaryFormatException(
                    $"The record is foreign, and its function {FunctionNames.Describe(single.Method)} is none of the application's: it could do anything. "
                    + "Only methods of the application's own assemblies are called for it.");
            }

            if (assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == finder))
            {
                throw new BoundaryFormatException(
                    "The record is foreign, and its call finds its function by a name in its arguments: it could do anything. Make the call anew, with multiproc run.");
            }
        }
    }

    private static HashSet<Assembly> Closure(string application)
    {
        var found = new HashSet<Assembly>();
        var open = new Stack<Assembly?>([application.Length == 0 ? Assembly.GetEntryAssembly() : Load(new AssemblyName(application))]);
        while (open.TryPop(out var next))
        {
            if (next?.GetName().Name is not { } name || SharedFramework.Contains(next) || LibraryAssemblies.IsOfWorker(name) || !found.Add(next))
            {
                continue;
            }

            foreach (var reference in next.GetReferencedAssemblies())
            {
                open.Push(Load(reference));
            }
        }

        return found;
    }

    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // The referenced assembly is missing, which is usual for references that are needed only on other systems.
            return null;
        }
    }
}
