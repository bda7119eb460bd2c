using System.Reflection;
using System.Runtime.Serialization;

#pragma warning disable SYSLIB0050 // These interfaces still say how their authors want objects to be copied.

namespace MultiProc.Boundary;

/// <summary>What the author of a type wrote for .NET's serialization: callbacks, and state in a form of the type's own. Found once per type.</summary>
/// <remarks>Only what types outside the shared framework declare counts: the framework's own types have known copies.</remarks>
internal sealed class Conventions
{
    private const BindingFlags OwnMethods = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags OwnConstructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Types whose GetObjectData leaves out a part of the state, such as the nodes below a node; their fields say everything.</summary>
    private static readonly HashSet<string> Incomplete = ["LanguageExt.MapItem`2"];

    // Boxed once. As the framework's formatters did: the bytes may go anywhere.
    private static readonly object Context = new StreamingContext(StreamingContextStates.All);
    private static readonly object[] Gates = [.. Enumerable.Range(0, 64).Select(static _ => new object())];

    private static readonly Func<object, object> Clone =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    private readonly Type _type;
    private readonly MethodInvoker[] _serializing;
    private readonly MethodInvoker[] _serialized;
    private readonly MethodInvoker[] _deserializing;
    private readonly MethodInvoker[] _deserialized;
    private readonly bool _hasDeserialization;

    private Conventions(Type type)
    {
        _type = type;
        HasOwnState = !typeof(Exception).IsAssignableFrom(type) && IsOwn(type, typeof(ISerializable)) && !Incomplete.Contains(TypeNames.Definition(type));
        var methods = Methods(type);
        _serializing = Callbacks(methods, typeof(OnSerializingAttribute));
        _serialized = Callbacks(methods, typeof(OnSerializedAttribute));
        _deserializing = Callbacks(methods, typeof(OnDeserializingAttribute));
        _deserialized = Callbacks(methods, typeof(OnDeserializedAttribute));
        _hasDeserialization = HasOwnState ? typeof(IDeserializationCallback).IsAssignableFrom(type) : IsOwn(type, typeof(IDeserializationCallback));
        IsReference = IsOwn(type, typeof(IObjectReference));
    }

    /// <summary>Whether the type is an <see cref="ISerializable"/> that says itself what its state is.</summary>
    public bool HasOwnState { get; }

    /// <summary>Whether what arrives is only asked for the object that is meant.</summary>
    public bool IsReference { get; }

    /// <summary>Whether something is to be told while an object is written.</summary>
    public bool HasWriteCallbacks => _serializing.Length + _serialized.Length > 0;

    /// <summary>Whether something is to be told when the graph has been read.</summary>
    public bool HasReadCallbacks => _deserialized.Length > 0 || _hasDeserialization;

    /// <summary>A callback that cannot be called; null: all can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The context that callbacks and constructors get.</summary>
    public static StreamingContext StreamingContext => (StreamingContext)Context;

    /// <summary>The conventions of <paramref name="type"/>; null when it has none, as nearly all types.</summary>
    public static Conventions? Of(Type type)
    {
        if (Assemblies.IsFramework(type))
        {
            return null;
        }

        var conventions = new Conventions(type);
        return conventions is { HasOwnState: false, IsReference: false, HasWriteCallbacks: false, HasReadCallbacks: false, _deserializing.Length: 0, Refusal: null }
            ? null
            : conventions;
    }

    /// <summary>The constructor that makes an object of its own state; null: there is none.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type.GetConstructor(OwnConstructors, [typeof(SerializationInfo), typeof(StreamingContext)]);

    /// <summary>The object whose fields are to be written instead of <paramref name="value"/>, whose callbacks may change it meanwhile for another graph.</summary>
    public object Snapshot(object value, GraphWriter graph)
    {
        lock (GateOf(value))
        {
            Call(_serializing, value, graph);
            var snapshot = Clone(value);
            NoteWritten(value, graph);
            return snapshot;
        }
    }

    /// <summary>The state that <paramref name="value"/> says it has.</summary>
    public SerializationInfo OwnState(object value, GraphWriter graph)
    {
        lock (GateOf(value))
        {
            Call(_serializing, value, graph);
            var state = new SerializationInfo(_type, new FormatterConverter());
            try
            {
                ((ISerializable)value).GetObjectData(state, StreamingContext);
            }
            catch (Exception exception) when (exception is not (BoundaryException or OutOfMemoryException))
            {
                throw graph.Refusal(_type, $"its GetObjectData threw {exception.GetType().Name}: {exception.Message}");
            }

            NoteWritten(value, graph);
            return state;
        }
    }

    /// <summary>Tells an object that its graph has been written.</summary>
    public void OnSerialized(object value, GraphWriter graph)
    {
        lock (GateOf(value))
        {
            Call(_serialized, value, graph);
        }
    }

    /// <summary>Tells a new object that its state is about to come.</summary>
    public void OnDeserializing(object value) => CallOnCopy(_deserializing, value);

    /// <summary>Tells an object that the state of everything in its graph is there.</summary>
    public void OnDeserialized(object value) => CallOnCopy(_deserialized, value);

    /// <summary>Tells an object that everything in its graph has been told.</summary>
    public void OnDeserialization(object value)
    {
        if (_hasDeserialization)
        {
            try
            {
                ((IDeserializationCallback)value).OnDeserialization(null);
            }
            catch (Exception exception) when (IsOfTheType(exception))
            {
                throw Failure(_type, nameof(IDeserializationCallback.OnDeserialization), exception);
            }
        }
    }

    /// <summary>The object that is meant by <paramref name="value"/>.</summary>
    public static object RealObject(object value)
    {
        const int MaxSteps = 100;
        for (var step = 0; step < MaxSteps && value is IObjectReference reference; step++)
        {
            object? real;
            try
            {
                real = reference.GetRealObject(StreamingContext);
            }
            catch (Exception exception) when (IsOfTheType(exception))
            {
                throw Failure(value.GetType(), nameof(IObjectReference.GetRealObject), exception);
            }

            if (real is null)
            {
                throw new BoundaryFormatException($"The GetRealObject of {TypeNames.Display(value.GetType())} returned null.");
            }

            if (ReferenceEquals(real, value))
            {
                break;
            }

            value = real;
        }

        return value;
    }

    /// <summary>Whether <paramref name="exception"/>, which code of a type threw while its copy was made, says nothing that the boundary has said.</summary>
    public static bool IsOfTheType(Exception exception) => exception is not (BoundaryException or BoundaryFormatException or DistrustException or OutOfMemoryException);

    /// <summary>What tells that a copy of a <paramref name="type"/> cannot be made, since <paramref name="member"/> of it threw <paramref name="exception"/>.</summary>
    public static BoundaryFormatException Failure(Type type, string member, Exception exception) => new(
        $"A copy of a {TypeNames.Display(type)} cannot be made: its {member} threw {exception.GetType().Name}: {exception.Message} "
            + "Mend it, or give the pool a rule for the type with WithSurrogate.",
        exception);

    private void CallOnCopy(MethodInvoker[] callbacks, object value)
    {
        try
        {
            Call(callbacks, value);
        }
        catch (Exception exception) when (IsOfTheType(exception))
        {
            throw Failure(_type, "method that is told of serialization", exception);
        }
    }

    private static void Call(MethodInvoker[] callbacks, object value)
    {
        foreach (var callback in callbacks)
        {
            callback.Invoke(value, Context);
        }
    }

    private void Call(MethodInvoker[] callbacks, object value, GraphWriter graph)
    {
        try
        {
            Call(callbacks, value);
        }
        catch (Exception exception) when (exception is not (BoundaryException or OutOfMemoryException))
        {
            throw graph.Refusal(_type, $"a method of it that is told of serialization threw {exception.GetType().Name}: {exception.Message}");
        }
    }

    private void NoteWritten(object value, GraphWriter graph)
    {
        if (_serialized.Length > 0)
        {
            graph.NoteWritten(value, this);
        }
    }

    // One object may be written by several threads at once, and its callbacks change it.
    private static object GateOf(object value) => Gates[(uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value) % (uint)Gates.Length];

    /// <summary>Whether a type outside the framework implements <paramref name="contract"/>, or overrides what the framework implemented.</summary>
    private static bool IsOwn(Type type, Type contract) =>
        contract.IsAssignableFrom(type) && !type.IsInterface && !Assemblies.IsFramework(type.GetInterfaceMap(contract).TargetMethods[0].DeclaringType!);

    // Those that may be marked; most types have none, or few. Of properties, only the accessors are methods, and those are not looked at.
    private static List<MethodInfo> Methods(Type type)
    {
        List<MethodInfo> methods = [];
        for (var level = type; level is not null && !Assemblies.IsFramework(level); level = level.BaseType)
        {
            foreach (var method in level.GetMethods(OwnMethods))
            {
                if (!method.IsSpecialName && method.ReturnType == typeof(void) && method.CustomAttributes.Any())
                {
                    methods.Add(method);
                }
            }
        }

        return methods;
    }

    // The base class's first. One that a derived class overrides is called once, as the derived class has it.
    private MethodInvoker[] Callbacks(List<MethodInfo> methods, Type attribute)
    {
        List<MethodInfo> found = [];
        foreach (var method in methods)
        {
            if (!method.IsDefined(attribute, inherit: false))
            {
                continue;
            }

            if (method.ContainsGenericParameters || method.GetParameters() is not [{ ParameterType: var parameter }] || parameter != typeof(StreamingContext))
            {
                Refusal = $"its method {method.Name} is marked [{attribute.Name[..^nameof(Attribute).Length]}] and does not take one StreamingContext, so it cannot be called. " +
                    "Change its signature, or remove the attribute.";
            }
            else if (!found.Any(other => other.GetBaseDefinition() == method.GetBaseDefinition()))
            {
                found.Add(method);
            }
        }

        found.Reverse();
        return [.. found.Select(MethodInvoker.Create)];
    }
}
