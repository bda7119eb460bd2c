using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using MessagePack;

#pragma warning disable SYSLIB0050 // The types of .NET's serialization are what its conventions are made of.

namespace MultiProc.Boundary;

/// <summary>The names and values that an <see cref="ISerializable"/> gives, and how an object is made of them again.</summary>
internal sealed class OwnState(Type type, Conventions conventions)
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Formatter<object> Values = FormatterCache<object>.Instance;

    private readonly bool _hasConstructor = Conventions.ConstructorOf(type) is not null;

    /// <summary>Why <paramref name="value"/> cannot be made again; null: it can.</summary>
    public BoundaryException? RefusalOf(object value, GraphWriter graph)
    {
        if (_hasConstructor)
        {
            return null;
        }

        // Without one, its state may still name another type, which stands for it: usually for the one object that there is.
        return Reason(conventions.OwnState(value, graph)) is { } reason ? graph.Refusal(type, reason) : null;
    }

    public void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var state = conventions.OwnState(value, graph);
        var stateType = state.ObjectType;
        if (Reason(state) is { } reason)
        {
            throw graph.Refusal(type, reason);
        }

        if (stateType == type)
        {
            writer.WriteNil();
        }
        else
        {
            graph.WriteType(ref writer, stateType);
        }

        writer.Write(state.MemberCount);
        var names = new Names(state.MemberCount);
        graph.Path.Push(names, null);
        foreach (var entry in state)
        {
            names.Add(entry.Name);
            graph.Path.Step = names.Last;
            FormatterCache<string>.Instance.Write(ref writer, entry.Name, graph);
            Values.Write(ref writer, entry.Value, graph);
        }

        graph.Path.Pop();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="created">Told the object as long as it has no content.</param>
    public Content ReadContent(ref MessagePackReader reader, GraphReader graph, Action<object> created)
    {
        var stateType = type;
        var itsConventions = conventions;
        if (!reader.TryReadNil())
        {
            stateType = graph.ReadType(ref reader);
            itsConventions = Serializers.IsMadeOfState(stateType) ? Conventions.Of(stateType) : throw new BoundaryFormatException(
                $"Objects of type {TypeNames.Display(stateType)} do not stand for others.");
        }

        var instance = RuntimeHelpers.GetUninitializedObject(stateType);
        created(instance);
        itsConventions?.OnDeserializing(instance);
        var state = new SerializationInfo(stateType, new FormatterConverter());
        var count = Blocks.ReadCount(ref reader);
        for (var i = 0; i < count; i++)
        {
            var name = FormatterCache<string>.Instance.Read(ref reader, graph) ?? throw new BoundaryFormatException("The name of a value is missing.");
            var value = Values.Read(ref reader, graph);
            state.AddValue(name, value, value?.GetType() ?? typeof(object));
        }

        return new Content(instance, state, itsConventions);
    }

    private string? Reason(SerializationInfo state)
    {
        var stateType = state.ObjectType;
        var constructor = $"constructor {stateType.Name.Split('`')[0]}(SerializationInfo, StreamingContext)";
        if (stateType == type)
        {
            return _hasConstructor ? null : $"it implements ISerializable and has no {constructor}, with which it would be made again. " +
                "Add that constructor, or give the pool a rule for the type with WithSurrogate.";
        }

        var name = TypeNames.Display(stateType);
        if (!Serializers.IsMadeOfState(stateType))
        {
            return $"its GetObjectData names {name} as what stands for it, and objects of that type are not made of another one's state.";
        }

        if (Conventions.Of(stateType) is { HasOwnState: true })
        {
            return Conventions.ConstructorOf(stateType) is null ? $"its GetObjectData names {name} as what stands for it, and that has no {constructor}. Add it." : null;
        }

        foreach (var entry in state)
        {
            if (Content.Field(stateType, entry.Name) is null)
            {
                return $"its GetObjectData names {name} as what stands for it, and that has no field '{entry.Name}'.";
            }
        }

        return null;
    }

    /// <summary>An object without its state, and the state.</summary>
    public readonly record struct Content(object Instance, SerializationInfo State, Conventions? Conventions)
    {
        /// <summary>Makes the object, which is told when its graph has been read.</summary>
        public object Make(GraphReader graph, int id)
        {
            Fill();
            if (Conventions is { } conventions)
            {
                graph.TellLater(id, Instance, conventions);
            }

            return MultiProc.Boundary.Conventions.RealObject(Instance);
        }

        /// <summary>Makes the object and tells it at once.</summary>
        public object MakeNow()
        {
            Fill();
            Conventions?.OnDeserialized(Instance);
            Conventions?.OnDeserialization(Instance);
            return MultiProc.Boundary.Conventions.RealObject(Instance);
        }

        private void Fill()
        {
            if (Conventions is { HasOwnState: true })
            {
                var constructor = MultiProc.Boundary.Conventions.ConstructorOf(Instance.GetType())
                    ?? throw new BoundaryFormatException($"{TypeNames.Display(Instance.GetType())} has no constructor for its own state.");
                try
                {
                    constructor.Invoke(Instance, BindingFlags.DoNotWrapExceptions, null, [State, MultiProc.Boundary.Conventions.StreamingContext], null);
                }
                catch (Exception exception) when (MultiProc.Boundary.Conventions.IsOfTheType(exception))
                {
                    throw MultiProc.Boundary.Conventions.Failure(Instance.GetType(), "constructor for ISerializable", exception);
                }

                return;
            }

            foreach (var entry in State)
            {
                var field = Field(Instance.GetType(), entry.Name)
                    ?? throw new BoundaryFormatException($"{TypeNames.Display(Instance.GetType())} has no field '{entry.Name}'.");
                field.SetValue(Instance, entry.Value);
            }
        }

        public static FieldInfo? Field(Type type, string name)
        {
            for (var level = type; level is not null; level = level.BaseType)
            {
                if (level.GetField(name, OwnFields) is { IsNotSerialized: false } field)
                {
                    return field;
                }
            }

            return null;
        }
    }

    /// <summary>The names written so far, for paths.</summary>
    private sealed class Names(int count) : IPathPart
    {
        private readonly List<string> _names = new(count);

        public int Last => _names.Count - 1;

        public void Add(string name) => _names.Add(name);

        public string Segment(object? instance, int step) => (uint)step < (uint)_names.Count ? "." + _names[step] : "";
    }
}
