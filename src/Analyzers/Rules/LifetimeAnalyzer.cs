using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>Pools that are started and kept in a local variable or a private field, and that nobody ends.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LifetimeAnalyzer : PoolAnalyzer
{
    private const string WayForVariable = "Declare it with 'await using'";
    private const string WayForField = "Dispose it when its owner is disposed";

    private static readonly HashSet<string> Ends = ["Dispose", "DisposeAsync", "TerminateAsync", "JoinAsync"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.NeverDisposed];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        context.RegisterOperationBlockStartAction(block => CheckVariables(block, calls));
        context.RegisterSymbolStartAction(type => CheckFields(type, calls), SymbolKind.NamedType);
    }

    private static void CheckVariables(OperationBlockStartAnalysisContext context, PoolCalls calls)
    {
        var pools = new Owned();
        context.RegisterOperationAction(
            operation =>
            {
                var declarator = (IVariableDeclaratorOperation)operation.Operation;
                if (calls.IsPool(declarator.Symbol.Type) && !IsUsing(declarator) && declarator.GetVariableInitializer()?.Value is { } value && IsStart(value, calls))
                {
                    pools.Started(declarator.Symbol, declarator.Syntax.GetLocation());
                }
            },
            OperationKind.VariableDeclarator);
        context.RegisterOperationAction(
            operation =>
            {
                var reference = (ILocalReferenceOperation)operation.Operation;
                if (calls.IsPool(reference.Type) && !IsOnlyCalled(reference, calls))
                {
                    pools.HandedOn(reference.Local);
                }
            },
            OperationKind.LocalReference);
        context.RegisterOperationBlockEndAction(end => pools.Report(end.ReportDiagnostic, WayForVariable));
    }

    private static void CheckFields(SymbolStartAnalysisContext context, PoolCalls calls)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        // Nested types see private fields too, but are looked at one by one.
        if (!type.GetTypeMembers().IsEmpty || !type.GetMembers().OfType<IFieldSymbol>().Any(field => IsOwned(field, type, calls)))
        {
            return;
        }

        var pools = new Owned();
        context.RegisterOperationAction(
            operation =>
            {
                var reference = (IFieldReferenceOperation)operation.Operation;
                if (!IsOwned(reference.Field, type, calls))
                {
                    return;
                }

                if (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference && IsStart(assignment.Value, calls))
                {
                    pools.Started(reference.Field, assignment.Syntax.GetLocation());
                }
                else if (!IsOnlyCalled(reference, calls))
                {
                    pools.HandedOn(reference.Field);
                }
            },
            OperationKind.FieldReference);
        context.RegisterSymbolEndAction(end => pools.Report(end.ReportDiagnostic, WayForField));
    }

    // A static one may be meant to live as long as the process does.
    private static bool IsOwned(IFieldSymbol field, INamedTypeSymbol type, PoolCalls calls) =>
        field is { DeclaredAccessibility: Accessibility.Private, IsStatic: false } && calls.IsPool(field.Type) && SymbolEqualityComparer.Default.Equals(field.ContainingType, type);

    /// <summary>Whether the value is a pool that was started for it: StartAsync, and what is done to its task.</summary>
    private static bool IsStart(IOperation? value, PoolCalls calls) => value switch
    {
        IConversionOperation conversion => IsStart(conversion.Operand, calls),
        IAwaitOperation wait => IsStart(wait.Operation, calls),
        IPropertyReferenceOperation { Property.Name: "Result" } result => IsStart(result.Instance, calls),
        IInvocationOperation { TargetMethod.Name: "StartAsync" } start => PoolCalls.IsOne(start.TargetMethod.ContainingType, calls.Pool),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WaitAsync" or "GetAwaiter" or "GetResult" } call => IsStart(call.Instance, calls),
        _ => false,
    };

    private static bool IsUsing(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null and not IBlockOperation; parent = parent.Parent)
        {
            if (parent is IUsingDeclarationOperation or IUsingOperation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Neither ended here nor handed to anybody who could end it.</summary>
    private static bool IsOnlyCalled(IOperation reference, PoolCalls calls)
    {
        var use = reference;
        while (use.Parent is IConversionOperation)
        {
            use = use.Parent;
        }

        return use.Parent switch
        {
            IInvocationOperation call => !Ends.Contains(call.TargetMethod.Name),
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { IsExtensionMethod: true } method } extension } argument =>
                calls.IsExtension(method) && extension.Arguments[0] == argument,
            IPropertyReferenceOperation => true,
            _ => false,
        };
    }
}
