using System.Reflection;
using MultiProc.Host.Spelling;

namespace MultiProc.Host.Functions;

/// <summary>Finds a public static method by its name in an assembly that is given by its path, and says precisely what is missing when it cannot.</summary>
internal static class FunctionFinder
{
    private const int Shown = 3;
    private const BindingFlags PublicStatic = BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <exception cref="InvalidCallException">The assembly or the function is not there, or cannot be called with text.</exception>
    public static TextFunction Find(string assemblyPath, string function)
    {
        var name = FunctionName.Parse(function);
        var types = TypesOf(Load(assemblyPath));
        var methods = types.Where(type => type.FullName?.Replace('+', '.') == name.Type)
            .SelectMany(static type => type.GetMethods(PublicStatic))
            .Where(method => method.Name == name.Method)
            .GroupBy(static method => string.Join(", ", method.GetParameters().Select(static parameter => parameter.ParameterType.ToString())))
            .Select(static alike => alike.MaxBy(static method => DepthOf(method.DeclaringType!))!)
            .ToArray();
        if (methods.Length == 0)
        {
            throw new InvalidCallException($"There is no public static method {name.Path} in {assemblyPath}.{WayOut(name, AllNames(types))}");
        }

        var callable = methods.Where(static method => Overload.Obstacle(method) is null).Select(static method => new Overload(method)).ToArray();
        if (callable.Length == 0)
        {
            throw new InvalidCallException(
                $"{name.Path} cannot be called from the command line: {Overload.Obstacle(methods[0])}. Add a method that takes and returns plain data.");
        }

        return new TextFunction(name.Path, Chosen(callable, name));
    }

    /// <summary>The names of all functions of an assembly that can be called with text.</summary>
    /// <exception cref="InvalidCallException">The assembly is not there, or is none.</exception>
    public static string[] CallableNames(string assemblyPath) => Names(TypesOf(Load(assemblyPath)), static method => Overload.Obstacle(method) is null);

    private static Overload[] Chosen(Overload[] overloads, FunctionName name)
    {
        if (name.Signature is null)
        {
            return overloads;
        }

        var chosen = overloads.Where(overload => FunctionName.Compact(overload.Signature) == name.Signature).ToArray();
        return chosen.Length > 0 ? chosen : throw new InvalidCallException(
            $"There is no {name}; there is {string.Join(" and ", overloads.Select(overload => $"{name.Method}({overload.Signature})"))}.");
    }

    private static Assembly Load(string path)
    {
        try
        {
            return new UserLoadContext(path).LoadFromAssemblyPath(path);
        }
        catch (FileNotFoundException exception)
        {
            throw new InvalidCallException($"There is no file {path}. Build the project, and give the path of its .dll.", exception);
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or InvalidOperationException)
        {
            // The last is what the resolver of dependencies throws for a file that is no assembly, or whose deps file is broken.
            throw new InvalidCallException($"{path} cannot be loaded as a .NET assembly. Give the path of a built .dll.", exception);
        }
    }

    private static Type[] TypesOf(Assembly assembly) => [.. Loadable(assembly.GetTypes), .. Loadable(assembly.GetForwardedTypes)];

    private static Type[] Loadable(Func<Type[]> get)
    {
        try
        {
            return get();
        }
        catch (ReflectionTypeLoadException exception)
        {
            // Types that need an assembly which is not there; the others can be used.
            return [.. exception.Types.OfType<Type>()];
        }
        catch (FileNotFoundException)
        {
            // The assembly to which types were moved is not there.
            return [];
        }
    }

    // A method hides the one of a base class that takes the same.
    private static int DepthOf(Type type) => type.BaseType is { } parent ? DepthOf(parent) + 1 : 0;

    private static string WayOut(FunctionName name, string[] known) =>
        NearestNames.Question(name.Path, known) is { Length: > 0 } question ? question
        : known.Length == 0 ? " It has none at all: add a public static method."
        : $" It has {string.Join(", ", known.Take(Shown))}{(known.Length > Shown ? $" and {known.Length - Shown} more" : "")}.";

    private static string[] AllNames(Type[] types) => Names(types, static _ => true);

    private static string[] Names(Type[] types, Func<MethodInfo, bool> isWanted) =>
        [.. (from type in types
             where type.FullName is not null && !type.FullName.Contains('<', StringComparison.Ordinal)
             from method in type.GetMethods(PublicStatic)
             where !method.IsSpecialName && method.DeclaringType != typeof(object) && isWanted(method)
             select $"{type.FullName!.Replace('+', '.')}.{method.Name}").Distinct().Order(StringComparer.Ordinal)];
}
