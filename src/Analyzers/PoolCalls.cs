using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MultiProc.Analyzers;

/// <summary>What gives a function to a pool, and what of it runs in a worker.</summary>
internal sealed class PoolCalls
{
    private readonly INamedTypeSymbol _extensions;
    private readonly INamedTypeSymbol _interface;
    private readonly INamedTypeSymbol _options;

    private PoolCalls(INamedTypeSymbol pool, INamedTypeSymbol extensions, INamedTypeSymbol contract, INamedTypeSymbol options)
    {
        Pool = pool;
        _extensions = extensions;
        _interface = contract;
        _options = options;
    }

    public INamedTypeSymbol Pool { get; }

    /// <summary>Null: the compilation knows no pools, so there is nothing to look at.</summary>
    public static PoolCalls? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("MultiProc.ProcessPool") is { } pool
        && compilation.GetTypeByMetadataName("MultiProc.ProcessPoolExtensions") is { } extensions
        && compilation.GetTypeByMetadataName("MultiProc.IProcessPool") is { } contract
        && compilation.GetTypeByMetadataName("MultiProc.ProcessPoolOptions") is { } options
            ? new PoolCalls(pool, extensions, contract, options)
            : null;

    /// <summary>Whether it gives a function to a pool, to run in a worker: a call, or a hook of the options.</summary>
    public bool IsCall(IInvocationOperation invocation)
    {
        var type = invocation.TargetMethod.ContainingType;
        return (IsOne(type, _extensions) || IsOne(type, Pool) || IsOne(type, _interface) || IsOne(type, _options))
            && invocation.TargetMethod.Name != "WithSurrogate"
            && invocation.TargetMethod.Parameters.Any(static parameter => IsDelegate(parameter.Type));
    }

    public bool IsPool(ITypeSymbol? type) => IsOne(type, Pool) || IsOne(type, _interface);

    /// <summary>Whether the method only uses a pool, so that whoever calls it with one still has it.</summary>
    public bool IsExtension(IMethodSymbol method) => IsOne(method.ContainingType, _extensions);

    /// <summary>Whether the operation is inside of a lambda that runs in a worker.</summary>
    public bool IsInWorker(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation lambda && CallOf(lambda) is { } invocation && IsCall(invocation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The functions that the call takes to a worker.</summary>
    public static IEnumerable<IDelegateCreationOperation> Functions(IInvocationOperation invocation) =>
        invocation.Arguments.Select(static argument => Unwrap(argument.Value)).OfType<IDelegateCreationOperation>();

    public static IOperation Unwrap(IOperation operation) => operation is IConversionOperation conversion ? Unwrap(conversion.Operand) : operation;

    public static bool IsOne(ITypeSymbol? type, ITypeSymbol other) => SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, other);

    private static bool IsDelegate(ITypeSymbol type) => type.TypeKind == TypeKind.Delegate || type.SpecialType == SpecialType.System_Delegate;

    private static IInvocationOperation? CallOf(IAnonymousFunctionOperation lambda)
    {
        var parent = lambda.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
        {
            parent = parent.Parent;
        }

        return parent as IInvocationOperation;
    }
}
