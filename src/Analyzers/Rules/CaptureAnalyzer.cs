using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>What a lambda takes across the boundary without its saying so: captured variables, and <c>this</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CaptureAnalyzer : PoolAnalyzer
{
    /// <summary>A property of the diagnostics that are about <c>this</c>: what the lambda uses of it can be copied to local variables.</summary>
    internal const string OfThis = "OfThis";

    private static readonly ImmutableDictionary<string, string?> PropertiesOfThis = ImmutableDictionary<string, string?>.Empty.Add(OfThis, "");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.CapturesThis, Descriptors.CapturedCannotCross];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        var crossing = new Crossing(context.Compilation);
        OnCalls(context, calls, (operation, invocation) => Check(operation, invocation, crossing));
    }

    private static void Check(OperationAnalysisContext context, IInvocationOperation invocation, Crossing crossing)
    {
        foreach (var lambda in PoolCalls.Functions(invocation).Select(static function => function.Target).OfType<IAnonymousFunctionOperation>())
        {
            var told = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
            foreach (var operation in lambda.Body.Descendants())
            {
                switch (operation)
                {
                    case ILocalReferenceOperation { Local: { IsConst: false } local } when IsOutside(local, lambda) && !IsName(operation) && told.Add(local):
                        CheckVariable(context, crossing, operation, local.Name, local.Type);
                        break;
                    case IParameterReferenceOperation { Parameter: var parameter } when IsOutside(parameter, lambda) && !IsName(operation) && told.Add(parameter):
                        if (IsMember(parameter, context.ContainingSymbol))
                        {
                            CheckThis(context, crossing, operation.Syntax, parameter.Name, parameter.ContainingType, told);
                        }
                        else
                        {
                            CheckVariable(context, crossing, operation, parameter.Name, parameter.Type);
                        }

                        break;
                    case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance, Type: INamedTypeSymbol type } when !IsName(operation):
                        var (syntax, name) = operation.Parent switch
                        {
                            IMemberReferenceOperation reference => (reference.Syntax, reference.Member.Name),
                            IInvocationOperation call when call.Instance == operation => (call.Syntax, call.TargetMethod.Name),
                            _ => (operation.Syntax, "this"),
                        };
                        CheckThis(context, crossing, syntax, name, type, told);
                        break;
                }
            }
        }
    }

    private static bool IsOutside(ISymbol variable, IAnonymousFunctionOperation lambda) =>
        !variable.DeclaringSyntaxReferences.Any(declaration =>
            declaration.SyntaxTree == lambda.Syntax.SyntaxTree && lambda.Syntax.Span.Contains(declaration.Span));

    /// <summary>Whether only its name is used, as <c>nameof</c> does.</summary>
    private static bool IsName(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is IMemberReferenceOperation)
        {
            parent = parent.Parent;
        }

        return parent is INameOfOperation;
    }

    /// <summary>Whether it is a parameter of a primary constructor that is used elsewhere, and so a field of the object.</summary>
    private static bool IsMember(IParameterSymbol parameter, ISymbol user) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
        && user is IMethodSymbol && !SymbolEqualityComparer.Default.Equals(constructor, user);

    private static void CheckVariable(OperationAnalysisContext context, Crossing crossing, IOperation use, string name, ITypeSymbol type)
    {
        if (crossing.RefusalOf(type) is { } refusal)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.CapturedCannotCross, use.Syntax.GetLocation(), name + refusal.Path, refusal.TypeName, refusal.Reason));
        }
    }

    private static void CheckThis(OperationAnalysisContext context, Crossing crossing, SyntaxNode use, string member, INamedTypeSymbol type, HashSet<ISymbol> told)
    {
        if (told.Add(type))
        {
            context.ReportDiagnostic(crossing.RefusalOf(type) is { } refusal
                ? Diagnostic.Create(Descriptors.CapturedCannotCross, use.GetLocation(), PropertiesOfThis, "this" + refusal.Path, refusal.TypeName, refusal.Reason)
                : Diagnostic.Create(Descriptors.CapturesThis, use.GetLocation(), PropertiesOfThis, member, type.Name));
        }
    }
}
