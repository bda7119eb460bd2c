using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MultiProc.Analyzers.Rules;

/// <summary>
/// Classes with buckets of their own, placed by hash codes, that cross: in the worker the hash codes are others. Who enumerates its keys is asked for them when it arrives; of all
/// others nothing tells that they are tables, but their code.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BucketsAnalyzer : PoolAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.OwnBuckets];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        var known = new ConcurrentDictionary<INamedTypeSymbol, bool>(SymbolEqualityComparer.Default);
        OnCalls(context, calls, (operation, invocation) =>
        {
            foreach (var argument in invocation.Arguments.Where(static argument => argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol))
            {
                Check(operation, argument.Syntax, PoolCalls.Unwrap(argument.Value).Type, known);
            }

            foreach (var function in PoolCalls.Functions(invocation))
            {
                if (function.Type is INamedTypeSymbol { DelegateInvokeMethod: { ReturnsVoid: false } method })
                {
                    Check(operation, function.Syntax, method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : method.ReturnType, known);
                }
            }
        });
    }

    private static void Check(OperationAnalysisContext context, SyntaxNode place, ITypeSymbol? type, ConcurrentDictionary<INamedTypeSymbol, bool> known)
    {
        if (type is not null && Find(type, context, known, []) is { } table)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.OwnBuckets, place.GetLocation(), table.Name));
        }
    }

    private static INamedTypeSymbol? Find(ITypeSymbol type, OperationAnalysisContext context, ConcurrentDictionary<INamedTypeSymbol, bool> known, HashSet<ITypeSymbol> seen)
    {
        if (type is IArrayTypeSymbol array)
        {
            return Find(array.ElementType, context, known, seen);
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named || !seen.Add(named))
        {
            return null;
        }

        if (named.TypeArguments.Select(argument => Find(argument, context, known, seen)).FirstOrDefault(static found => found is not null) is { } inner)
        {
            return inner;
        }

        if (!SymbolEqualityComparer.Default.Equals(named.ContainingAssembly, context.Compilation.Assembly))
        {
            return null;
        }

        if (known.GetOrAdd(named.OriginalDefinition, HasOwnBuckets))
        {
            return named;
        }

        return Fields(named).Select(field => Find(field.Type, context, known, seen)).FirstOrDefault(static found => found is not null);
    }

    private static IEnumerable<IFieldSymbol> Fields(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .Where(static field => !field.IsStatic && !field.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == nameof(NonSerializedAttribute)));

    // Some code of it that is not its own hash code takes one, and the remainder of one; and there is an array to be indexed by it.
    private static bool HasOwnBuckets(INamedTypeSymbol type) =>
        Fields(type).Any(static field => field.Type is IArrayTypeSymbol)
            && !type.AllInterfaces.Any(static contract => contract.Name is "IEnumerable" or "ISerializable")
            && !type.GetMembers().OfType<IMethodSymbol>().Any(static method => method.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "OnDeserializedAttribute"))
            && type.GetMembers().Where(static member => member.Name != nameof(GetHashCode)).SelectMany(static member => member.DeclaringSyntaxReferences)
                .Any(static reference => PlacesByHashCode(reference.GetSyntax()));

    private static bool PlacesByHashCode(SyntaxNode member)
    {
        var nodes = member.DescendantNodes().ToArray();
        return nodes.OfType<InvocationExpressionSyntax>().Any(static call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(GetHashCode) }
                or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "HashCode" }, Name.Identifier.ValueText: "Combine" })
            && nodes.OfType<BinaryExpressionSyntax>().Any(static binary => binary.IsKind(SyntaxKind.ModuloExpression) || binary.IsKind(SyntaxKind.BitwiseAndExpression));
    }
}
