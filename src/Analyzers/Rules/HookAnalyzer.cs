using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>
/// A program whose workers are the program itself, run again, and that starts a pool without the hook that lets them in. How it is published, the package's own
/// targets tell.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HookAnalyzer : PoolAnalyzer
{
    private const string Start = "StartAsync";
    private const string Hook = "RunWorkerIfRequested";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.HookIsMissing];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        var options = context.Options.AnalyzerConfigOptionsProvider.GlobalOptions;
        var kind = Is(options, "PublishSingleFile") ? "as a single file" : Is(options, "SelfContained") ? "self-contained" : null;
        if (kind is null || context.Compilation.Options.OutputKind is not (OutputKind.ConsoleApplication or OutputKind.WindowsApplication))
        {
            return;
        }

        var starts = new ConcurrentBag<Location>();
        var hooks = new ConcurrentBag<Location>();
        context.RegisterOperationAction(
            operation =>
            {
                var invocation = (IInvocationOperation)operation.Operation;
                if (PoolCalls.IsOne(invocation.TargetMethod.ContainingType, calls.Pool) && invocation.TargetMethod.Name is (Start or Hook))
                {
                    (invocation.TargetMethod.Name == Start ? starts : hooks).Add(invocation.Syntax.GetLocation());
                }
            },
            OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var start in hooks.IsEmpty ? starts : [])
            {
                end.ReportDiagnostic(Diagnostic.Create(Descriptors.HookIsMissing, start, kind));
            }
        });
    }

    private static bool Is(AnalyzerConfigOptions options, string property) =>
        options.TryGetValue("build_property." + property, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
