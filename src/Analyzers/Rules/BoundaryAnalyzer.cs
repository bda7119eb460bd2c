using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>What a call takes across the boundary by its signature: arguments and the result.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BoundaryAnalyzer : PoolAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.TypeCannotCross];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        var crossing = new Crossing(context.Compilation);
        OnCalls(context, calls, (operation, invocation) => Check(operation, invocation, crossing));
    }

    private static void Check(OperationAnalysisContext context, IInvocationOperation invocation, Crossing crossing)
    {
        // Given one by one, they are known better than by what the function takes, and marked where they are.
        var arguments = invocation.Arguments.Where(static argument => argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol).ToArray();
        foreach (var argument in arguments)
        {
            var value = PoolCalls.Unwrap(argument.Value);
            if (value.ConstantValue is not { HasValue: true, Value: null } && value.Type is { } type)
            {
                Report(context, argument.Syntax, "argument", crossing.RefusalOf(type));
            }
        }

        foreach (var function in PoolCalls.Functions(invocation))
        {
            if (function.Type is not INamedTypeSymbol { DelegateInvokeMethod: { } method })
            {
                continue;
            }

            if (arguments.Length == 0)
            {
                foreach (var parameter in method.Parameters)
                {
                    Report(context, function.Syntax, "argument", crossing.RefusalOf(parameter.Type));
                }
            }

            // A bare task is the end of a function that returns nothing.
            if (!method.ReturnsVoid && Awaited(method.ReturnType) is { } result)
            {
                Report(context, function.Syntax, "result", crossing.RefusalOf(result));
            }
        }
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode place, string what, Refusal? refusal)
    {
        if (refusal is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.TypeCannotCross, place.GetLocation(), what + refusal.Path, refusal.TypeName, refusal.Reason));
        }
    }

    private static ITypeSymbol? Awaited(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask" } task && task.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks"
            ? task.TypeArguments.FirstOrDefault()
            : type;
}
