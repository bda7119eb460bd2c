using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers;

/// <summary>Whether an operation changes what it names: the variable, or the object in it.</summary>
internal static class Change
{
    private static readonly HashSet<string> Changing =
    [
        "Add", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "Clear", "Enqueue", "GetOrAdd", "Insert", "InsertRange", "Push", "Remove", "RemoveAll", "RemoveAt", "TryAdd",
        "TryRemove", "TryUpdate", "UnionWith",
    ];

    public static bool Is(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IInvocationOperation call => call.Instance == reference && IsCollection(reference.Type) && Changing.Contains(call.TargetMethod.Name),
        IMemberReferenceOperation member => member.Instance == reference && !IsShared(reference.Type) && Is(member),
        IArrayElementReferenceOperation element => element.ArrayReference == reference && Is(element),
        _ => false,
    };

    /// <summary>Whether the variable is only given another value, and not read.</summary>
    public static bool IsAssigned(IOperation reference) => reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference;

    private static bool IsCollection(ITypeSymbol? type) => Namespace(type).StartsWith("System.Collections", StringComparison.Ordinal);

    // One object for all processes.
    private static bool IsShared(ITypeSymbol? type) => Namespace(type) == "MultiProc";

    private static string Namespace(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() ?? "";
}
