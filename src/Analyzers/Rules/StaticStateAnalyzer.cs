using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers.Rules;

/// <summary>
/// A static that a function changes in a worker, where this process cannot see it, and that this process reads; and the reverse. Certain to run here is a method that itself calls
/// a pool, outside of all lambdas; certain to run there is a lambda given to a pool, and a method that is given to one, or called by such a lambda, and by nobody else.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaticStateAnalyzer : PoolAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.StaticStaysInWorker, Descriptors.StaticStaysInHost];

    private protected override void Register(CompilationStartAnalysisContext context, PoolCalls calls)
    {
        var uses = new StaticUses();
        context.RegisterOperationAction(operation => NoteUse(operation, calls, uses), OperationKind.FieldReference, OperationKind.PropertyReference);
        context.RegisterOperationAction(operation => NoteCall(operation, calls, uses), OperationKind.Invocation);
        context.RegisterCompilationEndAction(end => Report(end, uses));
    }

    private static void NoteUse(OperationAnalysisContext context, PoolCalls calls, StaticUses uses)
    {
        var reference = (IMemberReferenceOperation)context.Operation;
        if (!IsOurStatic(reference.Member, context.Compilation))
        {
            return;
        }

        if (calls.IsInWorker(reference))
        {
            if (Change.Is(reference))
            {
                uses.ChangedInWorker(reference.Member, reference.Syntax.GetLocation());
            }
            else if (!Change.IsAssigned(reference) && reference.Parent is not INameOfOperation)
            {
                uses.ReadInWorker(reference.Member, reference.Syntax.GetLocation(), Function(reference, context.ContainingSymbol));
            }
        }
        else if (Change.Is(reference))
        {
            uses.Changed(reference.Member, reference.Syntax.GetLocation(), Function(reference, context.ContainingSymbol));
        }
        else if (!Change.IsAssigned(reference) && !IsInLambda(reference))
        {
            uses.Read(reference.Member, reference.Syntax.GetLocation(), Function(reference, context.ContainingSymbol));
        }
    }

    private static void NoteCall(OperationAnalysisContext context, PoolCalls calls, StaticUses uses)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (calls.IsCall(invocation))
        {
            uses.CallsPool(Function(invocation, context.ContainingSymbol));
            foreach (var function in PoolCalls.Functions(invocation).Select(static function => function.Target).OfType<IMethodReferenceOperation>())
            {
                uses.RunsInWorker(function.Method.OriginalDefinition);
            }
        }
        else if (SymbolEqualityComparer.Default.Equals(invocation.TargetMethod.ContainingAssembly, context.Compilation.Assembly))
        {
            var target = invocation.TargetMethod.OriginalDefinition;
            if (calls.IsInWorker(invocation))
            {
                uses.RunsInWorker(target);
            }
            else
            {
                uses.RunsElsewhere(target);
            }
        }
    }

    private static void Report(CompilationAnalysisContext context, StaticUses uses)
    {
        foreach (var (member, place) in uses.OfWorkers())
        {
            if (uses.HostReaderOf(member) is { } reader)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.StaticStaysInWorker, place, member.Name, NameOf(reader)));
            }
        }

        foreach (var (member, place, reader) in uses.ReadInWorkers())
        {
            if (uses.HostChangerOf(member, place, reader) is { } changer)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.StaticStaysInHost, place, member.Name, NameOf(changer)));
            }
        }
    }

    private static string NameOf(ISymbol method) => method.Name is "<Main>$" ? "Main" : method.Name;

    private static bool IsOurStatic(ISymbol member, Compilation compilation) =>
        member.IsStatic && member is not IFieldSymbol { IsConst: true } && SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, compilation.Assembly);

    /// <summary>The method that the operation is in, or the local function.</summary>
    private static ISymbol Function(IOperation operation, ISymbol containing)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILocalFunctionOperation function)
            {
                return function.Symbol;
            }
        }

        return containing;
    }

    private static bool IsInLambda(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null and not ILocalFunctionOperation; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or INameOfOperation)
            {
                return true;
            }
        }

        return false;
    }
}
