using System.Diagnostics;
using System.Reflection;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;

namespace MultiProc.Protocol.Records;

/// <summary>A recorded call in a process that has its code. It can be repeated or described.</summary>
/// <param name="initializer">As <see cref="CallRecord.Initializer"/>.</param>
/// <param name="function">As <see cref="CallRecord.Function"/>.</param>
/// <param name="arguments">As <see cref="CallRecord.Arguments"/>.</param>
/// <param name="live">The live objects.</param>
/// <param name="foreignTo">
/// For a foreign record the simple name of the application's own assembly (empty: the entry assembly); only that
/// application's functions are called.
/// </param>
internal sealed class RecordedFunction(
    ReadOnlyMemory<byte> initializer, ReadOnlyMemory<byte> function, ReadOnlyMemory<byte> arguments, RecordedLive live, string? foreignTo = null)
{
    /// <summary>
    /// The name of the <see cref="AppContext"/> switch that asks a function to break into the debugger itself. An
    /// assembly whose functions find others by name, and load them only then, declares support by metadata of this
    /// name: at any earlier break, the debugger would not know the function in question.
    /// </summary>
    private const string StopsBeforeFunction = "MultiProc.StopsBeforeFunction";

    private static readonly MethodInfo ReadValue = typeof(BoundaryReader).GetMethod(nameof(BoundaryReader.Read), 1, [])!;

    private readonly Trust _trust = foreignTo is null ? Trust.Full : ForeignCode.TrustIn(foreignTo);
    private readonly ForeignCode? _foreign = foreignTo is null ? null : new ForeignCode(foreignTo, StopsBeforeFunction);

    public RecordedFunction(CallRecord record, RecordedLive live, string? foreignTo)
        : this(record.Initializer, record.Function, record.Arguments, live, foreignTo) =>
        live.Rules = SurrogateRules.Decode(record.Header.Surrogates, _trust);

    /// <summary>
    /// Whether the record is foreign. Then its graphs are decoded with the trust that a worker gets, and anything else
    /// is a <see cref="BoundaryException"/>.
    /// </summary>
    public bool IsForeign => _foreign is not null;

    /// <summary>Runs the pool's initializer, if there was one.</summary>
    public void Initialize()
    {
        if (!initializer.IsEmpty)
        {
            using var reader = new BoundaryReader(initializer, live, _trust);
            var hook = reader.ReadFunction();
            _foreign?.Require(hook);
            var result = new ResultEncoder();
            result.Reset((ILiveExports?)live.Rules ?? NoLiveExports.Instance);
            Invoker.For(hook).Invoke(hook, reader, result);
        }
    }

    /// <summary>Makes the call on this thread. Exceptions of the function pass through.</summary>
    /// <param name="breaks">
    /// Whether to break into an attached debugger first, when the function is loaded and has not begun.
    /// </param>
    /// <returns>The result as it would have been copied; null: there is none.</returns>
    public object? Invoke(bool breaks)
    {
        using var reader = Open(out var called);
        var result = new ResultEncoder();
        result.Reset((ILiveExports?)live.Rules ?? NoLiveExports.Instance);

        if (breaks && called.Method.Module.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(static metadata => metadata.Key == StopsBeforeFunction))
        {
            AppContext.SetSwitch(StopsBeforeFunction, true);
        }
        else if (breaks && Debugger.IsAttached)
        {
            // If the debugger has gone meanwhile, some systems would start one.
            Debugger.Break();
        }

        Invoker.For(called).Invoke(called, reader, result);
        using var returned = new BoundaryReader(result.TakeBody()[ItemBlock.PrefixLength..], (ILiveImports?)live.Rules ?? NoLive.Instance, Trust.Full);
        return TypeOfResult(Signature(called).ReturnType) is { } type ? Read(returned, type) : null;
    }

    /// <summary>Describes the arguments and captured variables, one line for each.</summary>
    public IEnumerable<string> Describe()
    {
        List<string> lines = [];
        using var reader = Open(out var called);
        if (called.Target is { } target && target.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public).Length > 0)
        {
            lines.Add($"captured = {ValueText.Of(target)}");
        }

        var parameters = Signature(called).GetParameters();
        var names = called.Method.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            // The first parameters of the method may be bound.
            var name = names[names.Length - parameters.Length + i].Name ?? $"arg{i + 1}";
            lines.Add($"{name} = {ValueText.Of(Read(reader, parameters[i].ParameterType))}");
        }

        return lines;
    }

    private BoundaryReader Open(out Delegate called)
    {
        if (function.IsEmpty)
        {
            var both = new BoundaryReader(arguments, live, _trust);
            called = both.ReadFunction();
            _foreign?.Require(called);
            return both;
        }

        using var reader = new BoundaryReader(function, live, _trust);
        called = reader.ReadFunction();
        _foreign?.Require(called);
        return new BoundaryReader(arguments, live, _trust);
    }

    private static MethodInfo Signature(Delegate called) => called.GetType().GetMethod(nameof(Action.Invoke))!;

    private static Type? TypeOfResult(Type type) =>
        type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask) ? null
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)) ? type.GetGenericArguments()[0]
        : type;

    private static object? Read(BoundaryReader reader, Type type) =>
        ReadValue.MakeGenericMethod(type).Invoke(reader, BindingFlags.DoNotWrapExceptions, null, null, null);
}
