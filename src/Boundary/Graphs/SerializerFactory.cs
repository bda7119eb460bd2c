using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Decides how a runtime type crosses. The order is the policy.</summary>
internal static class SerializerFactory
{
    /// <summary>The serializer of <paramref name="type"/>; never null and never throws.</summary>
    public static Serializer Create(Type type)
    {
        if (type == typeof(string))
        {
            return new StringSerializer();
        }

        if (type.IsValueType)
        {
            return Make(typeof(BoxSerializer<>), type);
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return new DelegateSerializer(type);
        }

        if (type.IsArray)
        {
            if (type.GetElementType() is { IsPointer: true } or { IsFunctionPointer: true })
            {
                return new RefusingSerializer(type, Addresses.PointerReason);
            }

            return type.IsSZArray
                ? Make(typeof(ArraySerializer<>), type.GetElementType()!)
                : Make(typeof(GridSerializer<>), type.GetElementType()!, type);
        }

        return LiveSerializers.TryCreate(type)
            ?? Contracts.TryCreate(type)
            ?? BuiltInCopies.TryCreate(type)
            ?? OptionsCopies.TryCreate(type)
            ?? ZoneSerializer.TryCreate(type)
            ?? TensorCopies.TryCreate(type)
            ?? ByConventions(type, Conventions.Of(type));
    }

    /// <summary>Constructs a generic serializer.</summary>
    public static Serializer Make(Type definition, Type argument, params object[] arguments) => (Serializer)FormatterFactory.Make(definition, argument, arguments);

    private static Serializer ByConventions(Type type, Conventions? conventions)
    {
        if (conventions?.Refusal is { } unusable)
        {
            return new RefusingSerializer(type, unusable);
        }

        if (conventions is { HasOwnState: true })
        {
            return new OwnStateSerializer(type, conventions);
        }

        if (Refusals.TryCreate(type) is { } refused)
        {
            return refused;
        }

        var plan = StatePlan.For(type);
        return plan.Refusal is { } refusal ? new RefusingSerializer(type, refusal)
            : conventions is not null ? new GivenStateSerializer(plan, conventions)
            : ForeignTable.Of(type) is { } table ? new TableSerializer(plan, table)
            : Constants.Of(type) is { } constants ? new ConstantSerializer(plan, constants)
            : new StateSerializer(plan);
    }

    /// <summary>Strings in slots of a base type; they have no identity.</summary>
    private sealed class StringSerializer() : Serializer(typeof(string))
    {
        public override bool HasIdentity => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) =>
            FormatterCache<string>.Instance.Write(ref writer, (string)value, graph);

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id) =>
            FormatterCache<string>.Instance.Read(ref reader, graph) ?? throw new BoundaryFormatException("A string is missing.");
    }
}
