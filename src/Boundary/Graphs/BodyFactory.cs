using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Decides how a runtime type crosses. The order is the policy.</summary>
internal static class BodyFactory
{
    /// <summary>The body for <paramref name="type"/>; never null and never throws.</summary>
    public static Body Create(Type type)
    {
        if (type == typeof(string))
        {
            return new StringBody();
        }

        if (type.IsValueType)
        {
            return Make(typeof(BoxBody<>), type);
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return new DelegateBody(type);
        }

        if (type.IsArray)
        {
            if (type.GetElementType() is { IsPointer: true } or { IsFunctionPointer: true })
            {
                return new RefusingBody(type, Addresses.PointerReason);
            }

            return type.IsSZArray
                ? Make(typeof(ArrayBody<>), type.GetElementType()!)
                : Make(typeof(GridBody<>), type.GetElementType()!, type);
        }

        return LiveBodies.TryCreate(type)
            ?? Contracts.TryCreate(type)
            ?? KnownCopies.TryCreate(type)
            ?? OptionsCopies.TryCreate(type)
            ?? ZoneBody.TryCreate(type)
            ?? TensorCopies.TryCreate(type)
            ?? ByConventions(type, Conventions.Of(type));
    }

    /// <summary>Constructs a generic body.</summary>
    public static Body Make(Type definition, Type argument, params object[] arguments) => (Body)FormatterFactory.Make(definition, argument, arguments);

    private static Body ByConventions(Type type, Conventions? conventions)
    {
        if (conventions?.Refusal is { } unusable)
        {
            return new RefusingBody(type, unusable);
        }

        if (conventions is { HasOwnState: true })
        {
            return new OwnStateBody(type, conventions);
        }

        if (Refusals.TryCreate(type) is { } refused)
        {
            return refused;
        }

        var plan = StatePlan.For(type);
        return plan.Refusal is { } refusal ? new RefusingBody(type, refusal)
            : conventions is not null ? new ToldStateBody(plan, conventions)
            : ForeignTable.Of(type) is { } table ? new TableBody(plan, table)
            : Constants.Of(type) is { } constants ? new ConstantBody(plan, constants)
            : new StateBody(plan);
    }

    /// <summary>Strings in slots of a base type; they have no identity.</summary>
    private sealed class StringBody() : Body(typeof(string))
    {
        public override bool HasIdentity => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) =>
            FormatterCache<string>.Instance.Write(ref writer, (string)value, graph);

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id) =>
            FormatterCache<string>.Instance.Read(ref reader, graph) ?? throw new BoundaryFormatException("A string is missing.");
    }
}
