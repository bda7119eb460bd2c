using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// What compilers make of lambdas. C# names the classes for captured variables <c>&lt;&gt;c__DisplayClass0_0</c>, Visual Basic <c>_Closure$__0-0</c>, and F# after
/// the function around it and its line, <c>main@12-1</c>.
/// </summary>
internal static class GeneratedNames
{
    private const string OfVisualBasic = "_Closure$__";
    private const string LambdaOfVisualBasic = "_Lambda$__";

    /// <summary>Whether a compiler made <paramref name="type"/>, for lambdas or for anything else.</summary>
    public static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<') || type.Name.StartsWith(OfVisualBasic, StringComparison.Ordinal) || FSharpFunction(type.Name) is not null;

    /// <summary>Whether a compiler made the class <paramref name="type"/> to hold the variables that lambdas capture.</summary>
    public static bool IsClosure(Type type) => type.IsClass
        && (type.Name[0] is '<' or '_' ? IsNamedClosure(type) && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) : FSharpFunction(type.Name) is not null);

    /// <summary>Whether a compiler gave a lambda of its author the name <paramref name="method"/>.</summary>
    public static bool IsLambda(string method) => method.StartsWith(LambdaOfVisualBasic, StringComparison.Ordinal) || FSharpFunction(method) is not null;

    /// <summary>The function that F# named <paramref name="name"/> after; null: F# did not make it.</summary>
    public static string? FSharpFunction(string name) =>
        name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at + 1 < name.Length && char.IsAsciiDigit(name[at + 1]) ? name[..at] : null;

    private static bool IsNamedClosure(Type type) =>
        type.Name.StartsWith("<>c", StringComparison.Ordinal) || type.Name.StartsWith(OfVisualBasic, StringComparison.Ordinal);
}
