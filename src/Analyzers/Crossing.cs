using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using MultiProc.Boundary;

namespace MultiProc.Analyzers;

/// <summary>
/// Whether a type can cross, as far as its declaration tells: what an object really is, and whether it is there at all, is known only when it is sent. So the
/// fields of the compilation's own types count only if they are not declared to be null at times.
/// </summary>
internal sealed class Crossing(Compilation compilation)
{
    private readonly ConcurrentDictionary<ITypeSymbol, Refusal?> _known = new(SymbolEqualityComparer.Default);

    private readonly Lazy<SurrogateNames> _rules = new(() => SurrogateNames.In(compilation));

    /// <summary>Why a value of this type cannot cross; null: perhaps it can.</summary>
    public Refusal? RefusalOf(ITypeSymbol type) => RefusalOf(type, []) is { } refusal && !_rules.Value.MayBeFor(type) && !_rules.Value.MayBeFor(refusal.Type) ? refusal : null;

    private Refusal? RefusalOf(ITypeSymbol type, Stack<ITypeSymbol> path)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return RefusalOf(array.ElementType, path);
            case IPointerTypeSymbol or IFunctionPointerTypeSymbol:
                return new Refusal("", type, RefusedFamilies.Reasons["System.Reflection.Pointer"]);
            case INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } named:
                if (_known.TryGetValue(named, out var known))
                {
                    return known;
                }

                // A type that leads back to itself adds nothing to what the first round finds.
                if (path.Contains(named, SymbolEqualityComparer.Default))
                {
                    return null;
                }

                path.Push(named);
                var refusal = FamilyRefusal(named) ?? ItemRefusal(named, path) ?? FieldRefusal(named, path);
                path.Pop();

                // Inside of a circle, "no" may only mean that the question is still open further out.
                if (refusal is not null || path.Count == 0)
                {
                    _known[named] = refusal;
                }

                return refusal;
            default:
                return null;
        }
    }

    private static Refusal? FamilyRefusal(INamedTypeSymbol type)
    {
        if (RefusedFamilies.Copied.Contains(MetadataName(type)))
        {
            return null;
        }

        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.ContainingType is null && RefusedFamilies.Reasons.TryGetValue(MetadataName(level), out var reason))
            {
                return new Refusal("", type, reason);
            }
        }

        foreach (var contract in type.AllInterfaces.Prepend(type))
        {
            if (RefusedFamilies.Contracts.TryGetValue(MetadataName(contract), out var reason))
            {
                return new Refusal("", type, reason);
            }
        }

        // What implements these may well cross; but who declares only the contract has what all the world has.
        return MetadataName(type) switch
        {
            "MultiProc.IProcessPool" => new Refusal("", type, RefusedFamilies.Reasons["MultiProc.ProcessPool"]),
            _ => null,
        };
    }

    /// <summary>What a collection or a tuple holds. Of other generic types of others nobody knows what they do with their arguments: they may never hold one.</summary>
    private Refusal? ItemRefusal(INamedTypeSymbol type, Stack<ITypeSymbol> path)
    {
        var isCollection = type.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal)
            && !type.Name.Contains("Compar");
        return type.IsGenericType && (isCollection || type.IsTupleType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
            ? type.TypeArguments.Select(argument => RefusalOf(argument, path)).FirstOrDefault(static refusal => refusal is not null)
            : null;
    }

    private Refusal? FieldRefusal(INamedTypeSymbol type, Stack<ITypeSymbol> path)
    {
        for (var level = type; level is not null && IsCopiedByFields(level); level = level.BaseType)
        {
            foreach (var field in level.GetMembers().OfType<IFieldSymbol>().Where(IsCopied))
            {
                if (RefusalOf(field.Type, path) is { } refusal)
                {
                    return refusal.In((field.AssociatedSymbol ?? field).Name);
                }
            }
        }

        return null;
    }

    // Of assemblies that are only referenced, the compiler does not show what is private. What makes progress known, crosses live; what has a contract, as that says.
    private bool IsCopiedByFields(INamedTypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct
        && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
        && !type.AllInterfaces.Any(static contract => MetadataName(contract) == "System.IProgress`1")
        && !type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name is "MessagePackObjectAttribute" or "MessagePackFormatterAttribute");

    private static bool IsCopied(IFieldSymbol field) =>
        !field.IsStatic && !field.IsConst && field.NullableAnnotation != NullableAnnotation.Annotated
        && !field.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == nameof(NonSerializedAttribute));

    private static string MetadataName(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.MetadataName : type.MetadataName;
}
