using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>A function reference that was found in this process: what is needed to make delegates of it.</summary>
internal sealed class FunctionBinding
{
    private static readonly BytesCache<FunctionBinding> Known = new();

    private readonly object? _stateless;
    private Delegate? _last;

    private FunctionBinding(MethodInfo method, TargetKind kind)
    {
        Method = method;
        Kind = kind;
        if (kind == TargetKind.Stateless)
        {
            _stateless = RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
        }
    }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>What goes with it.</summary>
    public TargetKind Kind { get; }

    /// <summary>Finds the method that <see cref="FunctionReference.Encoded"/> names, if it is accepted in <paramref name="graph"/>.</summary>
    /// <exception cref="DistrustException">It is not.</exception>
    public static FunctionBinding Decode(ReadOnlySpan<byte> encoded, GraphReader graph)
    {
        if (graph.Sent.Find(encoded) is { } sent)
        {
            return new FunctionBinding(sent.Method, sent.Kind);
        }

        var binding = Known.Find(encoded);
        if (binding is null)
        {
            var bytes = encoded.ToArray();
            binding = Find(bytes, graph);
            if (!binding.Method.IsCollectible)
            {
                Known.Add(bytes, binding);
            }
        }

        return graph.Trust.MayCall(binding.Method, graph.Sent) ? binding : throw Trust.Refuse(typeof(Delegate), binding.Method);
    }

    /// <summary>Makes a delegate that needs no state; one delegate serves all.</summary>
    public Delegate Bind(Type type)
    {
        var last = _last;
        if (last is not null && last.GetType() == type)
        {
            return last;
        }

        var bound = Bind(type, _stateless);
        return type.IsCollectible ? bound : _last = bound;
    }

    /// <summary>Makes a delegate bound to <paramref name="target"/>.</summary>
    public Delegate Bind(Type type, object? target)
    {
        var bound = Kind == TargetKind.None ? Delegate.CreateDelegate(type, Method, throwOnBindFailure: false)
            : Delegate.CreateDelegate(type, target, Method, throwOnBindFailure: false);
        return bound ?? throw new BoundaryFormatException(
            $"{TypeNames.Display(Method.DeclaringType!)}.{Method.Name} is not a {TypeNames.Display(type)} in this process.");
    }

    // The token leads to the type without a search by name, which would take a worker's first call a noticeable time. Null: it does not.
    private static Type? ByToken(string typeName, Guid build, int token)
    {
        var comma = typeName.LastIndexOf(',');
        if (comma < 0 || typeName.EndsWith(']') || typeName[comma - 1] == ']')
        {
            return null;
        }

        var module = Assemblies.Find(typeName[(comma + 2)..]).ManifestModule;
        return module.ModuleVersionId == build && module.ResolveMethod(token)?.DeclaringType is { } type && type.FullName == typeName[..comma] ? type : null;
    }

    private static FunctionBinding Find(byte[] encoded, GraphReader graph)
    {
        var reader = new MessagePackReader(encoded);
        var typeName = Blocks.ReadUtf8(ref reader);
        var build = new Guid(Blocks.ReadSpan(ref reader));
        var version = Blocks.ReadUtf8(ref reader);
        var token = reader.ReadInt32();
        var type = (graph.Trust.IsFull ? ByToken(Encoding.UTF8.GetString(typeName), build, token) : null) ?? graph.Trust.FindType(typeName, graph.Declared);
        var name = Blocks.ReadUtf8(ref reader);
        var kind = (TargetKind)reader.ReadInt32();
        var arguments = new Type[Blocks.ReadCount(ref reader)];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = graph.Trust.FindType(Blocks.ReadUtf8(ref reader), graph.Declared);
        }

        var module = type.Module;
        if (module.ModuleVersionId != build)
        {
            var assembly = module.Assembly.GetName();
            throw new BoundaryFormatException(
                $"The function {TypeNames.Display(type)}.{Encoding.UTF8.GetString(name)} comes from {assembly.Name} {Encoding.UTF8.GetString(version)} (build {build}) and this process " +
                $"has {assembly.Name} {assembly.Version} (build {module.ModuleVersionId}). " +
                "Deploy the same build to the host and its workers.");
        }

        if (module.ResolveMethod(token) is not MethodInfo { DeclaringType: { } declaring } open
            || (declaring != type && !(type.IsConstructedGenericType && type.GetGenericTypeDefinition() == declaring))
            || open.GetGenericArguments().Length != arguments.Length
            || (kind == TargetKind.Closure && (open.IsStatic || !ClosureType.Is(type)))
            || (kind == TargetKind.Stateless && (open.IsStatic || !ClosureType.Is(type)))
            || kind is < TargetKind.None or > TargetKind.Closure)
        {
            throw new BoundaryFormatException($"{TypeNames.Display(type)} has no function '{Encoding.UTF8.GetString(name)}' with token {token:X8} and " +
                $"{arguments.Length} type arguments.");
        }

        var method = (MethodInfo)MethodBase.GetMethodFromHandle(open.MethodHandle, type.TypeHandle)!;
        return new FunctionBinding(arguments.Length > 0 ? method.MakeGenericMethod(arguments) : method, kind);
    }
}
