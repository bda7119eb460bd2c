using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// The invoker of functions, which reads a delegate's arguments from a graph, calls it, awaits its task and writes the
/// result. There is one small class for each number of parameters, instantiated once for the parameters' types, so that
/// a call needs neither boxing nor reflection.
/// </summary>
internal abstract partial class Invoker
{
    private static readonly CodeCache<Type, Invoker> Known = new();

    /// <summary>
    /// The invoker for delegates of this type: a <c>Func</c> or <c>Action</c> with at most 8 parameters.
    /// </summary>
    public static Invoker For(Delegate function) => Known.GetOrAdd(function.GetType(), static type => Create(type));

    /// <summary>
    /// Reads the arguments, calls the function, and writes the result. Exceptions of the function pass through.
    /// </summary>
    public abstract void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result);

    /// <summary>
    /// The same for arguments that are numbers in the form of <see cref="FixedNumber{T}"/>, which need no graph. False
    /// if they are not; then nothing is called.
    /// </summary>
    public virtual bool TryInvokeOnNumbers(Delegate function, ReadOnlySpan<byte> arguments, ResultEncoder result) => false;

    private static Invoker Create(Type type)
    {
        if (type == typeof(Action))
        {
            return new Action0();
        }

        var parameters = type.IsGenericType ? type.GetGenericArguments() : [];
        var kind = type.Namespace == nameof(System) ? type.Name.Split('`')[0] : "";
        var caller = (kind == nameof(Action) ? OfAction(parameters.Length) : kind == nameof(Func<>) ? OfFunction(parameters.Length - 1) : null)
            ?? throw new NotSupportedException(
                $"A worker calls a Func or an Action with at most 8 parameters, not a {type}. Wrap the call in a lambda of that kind.");
        return (Invoker)Activator.CreateInstance(caller.MakeGenericType(parameters))!;
    }

    // Not by name: composing the name takes a worker longer than its first call.
    private static Type? OfFunction(int parameters) => parameters switch
    {
        0 => typeof(Function0<>),
        1 => typeof(Function1<,>),
        2 => typeof(Function2<,,>),
        3 => typeof(Function3<,,,>),
        4 => typeof(Function4<,,,,>),
        5 => typeof(Function5<,,,,,>),
        6 => typeof(Function6<,,,,,,>),
        7 => typeof(Function7<,,,,,,,>),
        8 => typeof(Function8<,,,,,,,,>),
        _ => null,
    };

    private static Type? OfAction(int parameters) => parameters switch
    {
        1 => typeof(Action1<>),
        2 => typeof(Action2<,>),
        3 => typeof(Action3<,,>),
        4 => typeof(Action4<,,,>),
        5 => typeof(Action5<,,,,>),
        6 => typeof(Action6<,,,,,>),
        7 => typeof(Action7<,,,,,,>),
        8 => typeof(Action8<,,,,,,,>),
        _ => null,
    };
}
