using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>Looks at hand-written code of compilations that know the library, and costs nothing in others.</summary>
public abstract class PoolAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (PoolCalls.Of(start.Compilation) is { } calls)
            {
                Register(start, calls);
            }
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext context, PoolCalls calls);

    /// <summary>Looks at each call that gives a function to a pool.</summary>
    private protected static void OnCalls(CompilationStartAnalysisContext context, PoolCalls calls, Action<OperationAnalysisContext, IInvocationOperation> check) =>
        context.RegisterOperationAction(
            operation =>
            {
                var invocation = (IInvocationOperation)operation.Operation;
                if (calls.IsCall(invocation))
                {
                    check(operation, invocation);
                }
            },
            OperationKind.Invocation);
}
