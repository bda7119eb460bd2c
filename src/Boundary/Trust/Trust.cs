using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>What a reader accepts of whoever wrote the bytes, besides that the boundary can copy it. Thread-safe.</summary>
/// <remarks>
/// A worker takes everything from its host. What a worker sends is decoded with less trust: a type is made only if it belongs to the application, to the shared
/// framework or to this library's public face, or if the declared type mentions it; a delegate only if its code is the application's. No assembly is loaded because a
/// worker named it.
/// </remarks>
internal sealed class Trust
{
    /// <summary>So many types can be named by workers: each takes memory of this process for good, and there is no end of them.</summary>
    private const int MaxTypes = 16_384;

    private static readonly ConditionalWeakTable<Type, HashSet<Type>> Mentions = [];

    private static readonly object Own = new();

    private readonly ApplicationAssemblies _application;
    private readonly ConditionalWeakTable<MethodInfo, object> _own = [];
    private readonly BytesCache<Type> _named = new(MaxTypes);
    private readonly bool _isFull;

    /// <summary>Trust in what belongs to <paramref name="application"/>.</summary>
    public Trust(ApplicationAssemblies application) => _application = application;

    private Trust()
    {
        _application = new ApplicationAssemblies();
        _isFull = true;
    }

    /// <summary>For what the host sends to its workers.</summary>
    public static Trust Full { get; } = new();

    /// <summary>For what workers send.</summary>
    public static Trust InWorkers { get; } = new(ApplicationAssemblies.OfProcess);

    /// <summary>Whether everything is accepted.</summary>
    public bool IsFull => _isFull;

    /// <summary>The type that a worker named, where <paramref name="declared"/> is the type of the whole value.</summary>
    /// <exception cref="DistrustException">It must not name that one.</exception>
    /// <exception cref="BoundaryFormatException">There is no such type.</exception>
    public Type FindType(ReadOnlySpan<byte> name, Type declared)
    {
        if (_isFull)
        {
            return TypeNames.Decode(name);
        }

        if (_named.Find(name) is { } known)
        {
            return known;
        }

        if (_named.IsFull)
        {
            throw new BoundaryFormatException($"Workers have named {MaxTypes:N0} different types, which is the most that this process makes for them.");
        }

        var type = TypeNames.Decode(name, assembly => FindAssembly(assembly, declared));
        if (!MayName(type, declared))
        {
            throw Refuse(type);
        }

        // Not what is accepted for this declared type alone, nor what could not be unloaded then.
        if (!type.IsCollectible && MayName(type, declared: null))
        {
            _named.Add(name.ToArray(), type);
        }

        return type;
    }

    /// <summary>Whether <paramref name="type"/> may appear at all: as what is rebuilt, as the argument of a generic type, or as a value.</summary>
    public bool MayName(Type type, Type? declared)
    {
        if (_isFull)
        {
            return true;
        }

        if (type.HasElementType)
        {
            return MayName(type.GetElementType()!, declared) || IsMentioned(type, declared);
        }

        if (type.IsConstructedGenericType)
        {
            return (MayName(type.GetGenericTypeDefinition(), declared) && Array.TrueForAll(type.GetGenericArguments(), argument => MayName(argument, declared)))
                || IsMentioned(type, declared);
        }

        return type.IsGenericParameter
            || SharedFramework.Contains(type.Assembly)
            || (LibraryAssemblies.Contains(type.Assembly) ? type.IsVisible : _application.Contains(type.Assembly))
            || IsMentioned(type, declared);
    }

    /// <summary>Refuses the name of an assembly that must not be named.</summary>
    /// <exception cref="DistrustException">It must not.</exception>
    public void RequireAssembly(string simpleName, Type declared)
    {
        if (!_isFull)
        {
            FindAssembly(simpleName, declared);
        }
    }

    /// <summary>Whether a delegate to <paramref name="method"/> is accepted.</summary>
    /// <param name="method">The method.</param>
    /// <param name="sent">What was sent with the call.</param>
    public bool MayCall(MethodInfo method, in CallFunctions sent) => _isFull || sent.Contains(method) || IsOwn(method);

    /// <summary>Whether a comparer of the framework may be made of a delegate to <paramref name="method"/>, which runs while the copy is made.</summary>
    /// <inheritdoc cref="MayCall" path="/param"/>
    public bool MayCompare(MethodInfo method, in CallFunctions sent) => _isFull || sent.Contains(method) || (IsOwn(method) && IsLambda(method));

    /// <summary>Whether <paramref name="method"/> was written as a lambda or local function.</summary>
    public static bool IsLambda(MethodInfo method) =>
        method.Name.StartsWith('<')
            || method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            || GeneratedNames.IsLambda(method.Name)
            || (method.DeclaringType is { } type && (GeneratedNames.IsGenerated(type) || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)));

    /// <summary>The exception for a type that must not be named.</summary>
    public static DistrustException Refuse(Type type) => new(type, TypeNames.Display(type), ReasonAgainst(type));

    /// <summary>The exception for a method to which a delegate must not come.</summary>
    public static DistrustException Refuse(Type type, MethodInfo method) => new(type, TypeNames.Display(type), ReasonAgainst(method));

    /// <summary>Why a delegate to <paramref name="method"/> is not accepted.</summary>
    public static string ReasonAgainst(MethodInfo method)
    {
        var what = $"a delegate to {FunctionNames.Describe(method)}";
        var assembly = method.Module.Assembly;
        return SharedFramework.Contains(assembly) || LibraryAssemblies.Contains(assembly) || LibraryAssemblies.Brings(assembly.SimpleName())
            ? $"{what}, which is not the application's code, could do anything in this process. Return a lambda that calls it, or the data that it needs."
            : !HasCode(method) ? $"{what}, which is native code. Return a lambda that calls it, or the data that it needs."
            : $"{what}. {OutsideApplication(assembly)}";
    }

    /// <summary>Why <paramref name="type"/> is not accepted.</summary>
    public static string ReasonAgainst(Type type)
    {
        var inner = type;
        while (inner.HasElementType)
        {
            inner = inner.GetElementType()!;
        }

        return LibraryAssemblies.Contains(inner.Assembly)
            ? "it is internal to this library."
            : inner.IsConstructedGenericType ? "not all of its parts belong to the application. " + Advice
            : OutsideApplication(inner.Assembly);
    }

    private const string Advice = "Declare it as the function's result, or reference its assembly from the application; or return plain data.";

    private static string OutsideApplication(Assembly assembly) => OutsideApplication(assembly.SimpleName());

    private static string OutsideApplication(string assembly) =>
        $"its assembly '{assembly}' is none of the application's, which are the entry assembly, those of submitted functions, and what these reference. {Advice}";

    private static bool HasCode(MethodInfo method) => method.GetMethodBody() is not null;

    private bool IsOwn(MethodInfo method)
    {
        if (_own.TryGetValue(method, out _))
        {
            return true;
        }

        var assembly = method.Module.Assembly;
        if (SharedFramework.Contains(assembly) || LibraryAssemblies.Contains(assembly) || LibraryAssemblies.Brings(assembly.SimpleName())
            || !HasCode(method) || !_application.Contains(assembly))
        {
            return false;
        }

        _own.TryAdd(method, Own);
        return true;
    }

    private static bool IsMentioned(Type type, Type? declared) => declared is not null && Mentions.GetValue(declared, static declared => MentionedBy(declared)).Contains(type);

    private static HashSet<Type> MentionedBy(Type declared)
    {
        HashSet<Type> mentioned = [];
        Add(declared);
        return mentioned;

        void Add(Type type)
        {
            if (!mentioned.Add(type))
            {
                return;
            }

            if (type.HasElementType)
            {
                Add(type.GetElementType()!);
            }

            if (type.IsConstructedGenericType)
            {
                mentioned.Add(type.GetGenericTypeDefinition());
                Array.ForEach(type.GetGenericArguments(), Add);
            }
        }
    }

    private Assembly FindAssembly(string simpleName, Type declared) =>
        SharedFramework.Contains(simpleName) ? Assemblies.Find(simpleName)
        : (LibraryAssemblies.Contains(simpleName) ? Assemblies.FindLoaded(simpleName) : FindOfApplication(simpleName))
            ?? Mentions.GetValue(declared, static declared => MentionedBy(declared)).FirstOrDefault(type => PlugIns.Name(type.Assembly) == simpleName)?.Assembly
            ?? throw new DistrustException(typeof(object), $"something of '{TypeNames.Shorten(simpleName)}'", OutsideApplication(TypeNames.Shorten(simpleName)));

    // Behind the name may stand the key of a plug-in.
    private Assembly? FindOfApplication(string name)
    {
        if (!PlugIns.HasKey(name))
        {
            return _application.Find(name);
        }

        var (simpleName, context) = PlugIns.Split(name);
        return context is null ? null : _application.Find(simpleName, context);
    }
}
