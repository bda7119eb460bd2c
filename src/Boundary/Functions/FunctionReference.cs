using System.Buffers;
using System.Reflection;
using System.Reflection.Emit;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>What a delegate brings besides its method.</summary>
internal enum TargetKind
{
    /// <summary>Nothing: a static method.</summary>
    None,

    /// <summary>An instance without state: the lambda captures nothing.</summary>
    Stateless,

    /// <summary>An object, by value: <c>this</c> of an instance method, or the bound first argument of a static one.</summary>
    Object,

    /// <summary>The captured variables that the lambda uses.</summary>
    Closure,
}

/// <summary>The identity of a method, encoded once: assembly and build, token, generic arguments.</summary>
internal sealed class FunctionReference
{
    private static readonly DelegateCache<FunctionReference> Known = new();

    private bool? _isRemembered;

    private FunctionReference(MethodInfo method, bool hasTarget)
    {
        Method = method;
        Kind = !hasTarget ? TargetKind.None
            : !method.IsStatic && ClosureType.Is(method.DeclaringType!)
                ? ClosureType.Of(method.DeclaringType!).Fields.Count == 0 ? TargetKind.Stateless : TargetKind.Closure
            : TargetKind.Object;
        Captures = Kind == TargetKind.Closure ? CapturedVariables.UsedBy(method) : CapturedVariables.None;
        Encoded = Encode();
    }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>What goes with it.</summary>
    public TargetKind Kind { get; }

    /// <summary>The captured variables that the body uses.</summary>
    public CapturedVariables Captures { get; }

    /// <summary>
    /// Whether it must be remembered that it was sent, since a worker may send a delegate to it, or a comparer made of one, for no other reason: it is not known to be a
    /// lambda of the application.
    /// </summary>
    public bool IsRemembered => _isRemembered ??= !Trust.IsLambda(Method) || !ApplicationAssemblies.OfProcess.HasMet(Method.Module.Assembly);

    /// <summary>The identity as bytes; empty when no other process can find the method.</summary>
    public byte[] Encoded { get; }

    /// <summary>The reference for a delegate with one target.</summary>
    public static FunctionReference For(Delegate function) => Known.TryGetValue(function, out var known)
        ? known
        : Known.Add(function, new FunctionReference(function.Method, function.Target is not null || BindsNull(function.GetType(), function.Method)));

    /// <summary>A null first argument can be bound, too: then the method has one parameter more than the delegate.</summary>
    private static bool BindsNull(Type type, MethodInfo method)
    {
        var open = type.GetMethod("Invoke")!.GetParameters().Length;
        var own = method.GetParameters().Length + (method.IsStatic ? 0 : 1);
        return own != open;
    }

    private byte[] Encode()
    {
        var type = Method.DeclaringType;
        if (type is null || Method is DynamicMethod || type.Assembly.IsDynamic || TypeNames.Encode(type) is not { } typeName)
        {
            return [];
        }

        var arguments = Method.IsGenericMethod ? Method.GetGenericArguments() : [];
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteString(typeName);
        writer.Write(type.Module.ModuleVersionId.ToByteArray());
        writer.Write(type.Assembly.GetName().Version?.ToString() ?? "");
        writer.Write(Method.MetadataToken);
        writer.Write(Method.Name);
        writer.Write((int)Kind);
        writer.Write(arguments.Length);
        foreach (var argument in arguments)
        {
            if (TypeNames.Encode(argument) is not { } name)
            {
                return [];
            }

            writer.WriteString(name);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
