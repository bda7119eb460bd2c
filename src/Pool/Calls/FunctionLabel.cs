using System.Reflection;
using System.Runtime.CompilerServices;
using MultiProc.Boundary;

namespace MultiProc.Calls;

/// <summary>The readable name of a function, in place of the compiler's name for a lambda.</summary>
internal static class FunctionLabel
{
    private static readonly CodeCache<MethodInfo, string> Known = new();

    public static string Of(Delegate function) => Known.GetOrAdd(function.Method, static method => Describe(method));

    private static string Describe(MethodInfo method)
    {
        var type = method.DeclaringType;
        string? function = null;
        while (type is { DeclaringType: not null }
            && (type.Name.Contains('<', StringComparison.Ordinal) || GeneratedNames.IsGenerated(type) || type.IsDefined(typeof(CompilerGeneratedAttribute))))
        {
            function = GeneratedNames.FSharpFunction(type.Name) ?? function;
            type = type.DeclaringType;
        }

        var owner = type is null ? "" : TypeName(type) + ".";
        var name = method.Name;
        var close = name.IndexOf('>', StringComparison.Ordinal);
        if (function is not null || GeneratedNames.IsLambda(name))
        {
            // Visual Basic does not name the containing function.
            return $"lambda in {owner}{function ?? GeneratedNames.FSharpFunction(name)}".TrimEnd('.');
        }

        if (!name.StartsWith('<') || close < 0)
        {
            return owner + name;
        }

        // "<Main>b__0_1" is a lambda in Main; "<Main>g__Local|0_1" is the local function Local of Main;
        // "<<Main>$>b__0" is one in top-level statements.
        var outer = name[1..close].Trim('<', '>', '$');
        var rest = name[(close + 1)..].TrimStart('>', '$');
        var local = rest.IndexOf("g__", StringComparison.Ordinal);
        var bar = rest.IndexOf('|', StringComparison.Ordinal);
        return local >= 0 && bar > local ? $"{owner}{outer}.{rest[(local + 3)..bar]}" : $"lambda in {owner}{outer}";
    }

    private static string TypeName(Type type)
    {
        var name = (type.FullName ?? type.Name).Replace('+', '.');
        var generic = name.IndexOf('`', StringComparison.Ordinal);
        return generic < 0 ? name : name[..generic];
    }
}
