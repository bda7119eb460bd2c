using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Functions as their author would name them.</summary>
internal static class FunctionNames
{
    /// <summary>Such as <c>the lambda in Acme.Orders.Submit</c> or <c>Acme.Orders.Submit</c>.</summary>
    public static string Describe(MethodInfo method)
    {
        var type = method.DeclaringType;
        string? function = null;
        while (type is { DeclaringType: { } outer } && GeneratedNames.IsGenerated(type))
        {
            function = GeneratedNames.FSharpFunction(type.Name) ?? function;
            type = outer;
        }

        var name = method.Name;
        var end = name.LastIndexOf('>');
        var display = type is null ? "" : TypeNames.Display(type) + ".";
        if (function is not null || GeneratedNames.IsLambda(name))
        {
            return $"the lambda in {display}{function ?? GeneratedNames.FSharpFunction(name)}".TrimEnd('.');
        }

        if (!name.StartsWith('<') || end < 0)
        {
            return display + name;
        }

        // "<Main>b__0_1" is a lambda in Main; "<Main>g__Local|0_1" is its local function Local; in top-level statements it is "<<Main>$>" instead of "<Main>".
        var author = display + name[1..end].Trim('<', '>', '$');
        var local = name.IndexOf("g__", end, StringComparison.Ordinal) is > 0 and var at ? name[(at + 3)..].Split('|')[0] : null;
        return local is null ? $"the lambda in {author}" : $"the local function {local} in {author}";
    }
}
