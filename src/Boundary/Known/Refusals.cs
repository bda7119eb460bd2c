using System.Collections;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>What never crosses, by family, each with its way out.</summary>
internal static class Refusals
{
    private const string Iterator = "it is a sequence that is computed while it is read, by code of this process. Call ToList() or " +
        "ToArray() first.";

    /// <summary>A refusing serializer for <paramref name="type"/>; null when no family claims it.</summary>
    public static Serializer? TryCreate(Type type) => Reason(type) is { } reason ? new RefusingSerializer(Visible(type), reason) : null;

    /// <summary>Why <paramref name="type"/> never crosses; null when no family claims it.</summary>
    public static string? Reason(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (RefusedFamilies.Reasons.TryGetValue(TypeNames.Definition(level), out var reason))
            {
                return reason;
            }
        }

        return ByContract(type) ?? (IsIterator(type) ? Iterator : null);
    }

    /// <summary>Why <paramref name="type"/>, which is or derives from the framework type <paramref name="level"/>, cannot cross.</summary>
    public static string ForFramework(Type level, Type type)
    {
        var what = level == type ? "it is" : $"it derives from {TypeNames.Display(level)},";
        return $"{what} a framework type without a known copy. Pass the data it holds instead, or create it in the worker (in the " +
            "initializer).";
    }

    /// <summary>The type as its user knows it: a hidden implementation counts as its nearest public base.</summary>
    public static Type Visible(Type type)
    {
        var visible = type;
        while (!visible.IsVisible && Assemblies.IsFramework(visible) && visible.BaseType is { } parent)
        {
            visible = parent;
        }

        return visible == typeof(object) || visible == typeof(ValueType) ? type : visible;
    }

    // By name: nothing is loaded only to find out that it is not met.
    private static string? ByContract(Type type)
    {
        foreach (var contract in type.GetInterfaces())
        {
            if (RefusedFamilies.Contracts.TryGetValue(TypeNames.Definition(contract), out var reason))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Iterator methods, LINQ operators, enumerators: what runs code of this process when it is read.</summary>
    private static bool IsIterator(Type type)
    {
        if (typeof(IEnumerator).IsAssignableFrom(type))
        {
            return type.Name.StartsWith('<') || Assemblies.IsFramework(type);
        }

        var isSequence = typeof(IEnumerable).IsAssignableFrom(type) || type.GetInterfaces().Any(IsAsyncSequence);
        var isStateMachine = typeof(IAsyncStateMachine).IsAssignableFrom(type);
        return isStateMachine || (isSequence && (type.Name.Contains(">d__", StringComparison.Ordinal) || type.Namespace == "System.Linq"));
    }

    private static bool IsAsyncSequence(Type contract) =>
        contract.IsConstructedGenericType && contract.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
}
