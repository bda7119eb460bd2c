using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>Calls whose end nobody awaits.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TaskAnalyzer : PoolAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.IgnoredTask];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        if (context.Compilation.GetTypeByMetadataName("System.Threading.Tasks.Task") is { } task)
        {
            context.RegisterOperationAction(operation => Check(operation, calls, task), OperationKind.ExpressionStatement);
        }
    }

    private static void Check(OperationAnalysisContext context, PoolCalls calls, INamedTypeSymbol task)
    {
        if (Invocation(((IExpressionStatementOperation)context.Operation).Operation) is { } invocation
            && calls.IsCall(invocation)
            && (PoolCalls.IsOne(invocation.Type, task) || PoolCalls.IsOne(invocation.Type?.BaseType, task)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.IgnoredTask, invocation.Syntax.GetLocation(), invocation.TargetMethod.Name));
        }
    }

    // Of pool?.RunAsync(...), what is called is inside.
    private static IInvocationOperation? Invocation(IOperation statement) =>
        (statement is IConditionalAccessOperation conditional ? conditional.WhenNotNull : statement) as IInvocationOperation;
}
