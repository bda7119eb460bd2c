namespace MultiProc.Boundary;

/// <summary>The serializer of every runtime type met so far.</summary>
internal static class Serializers
{
    private static readonly CodeCache<Type, Serializer> Known = new();

    /// <summary>How objects of runtime type <paramref name="type"/> cross, which may be not at all.</summary>
    public static Serializer For(Type type) => Known.GetOrAdd(type, static type => SerializerFactory.Create(type));

    /// <summary>Whether an object of <paramref name="type"/>, which the sender named, may be made of another one's state to stand for it.</summary>
    public static bool IsMadeOfState(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && !Assemblies.IsFramework(type) && For(type) is OwnStateSerializer or GivenStateSerializer or StateSerializer or ConstantSerializer;

    /// <summary>The serializer of a type that the sender named, in a slot declared as <paramref name="slot"/>.</summary>
    /// <exception cref="BoundaryFormatException">The boundary does not create such objects, or not here.</exception>
    /// <exception cref="DistrustException">It does not, and whoever wrote it is not trusted.</exception>
    public static Serializer ForWire(Type type, Type slot, Trust trust)
    {
        if (!slot.IsAssignableFrom(type))
        {
            throw new BoundaryFormatException($"The type {TypeNames.Display(type)} was named where {TypeNames.Display(slot)} is declared.");
        }

        if (type.ContainsGenericParameters || type == typeof(void) || type.IsPointer || type.IsByRef || type.IsByRefLike)
        {
            throw new BoundaryFormatException($"There are no objects of type {TypeNames.Display(type)}.");
        }

        var serializer = For(type);
        return serializer is RefusingSerializer refusing && !trust.IsFull ? throw new DistrustException(type, TypeNames.Display(type), refusing.Reason)
            : serializer is not RefusingSerializer && serializer.WireType == type ? serializer
            : throw new BoundaryFormatException($"Objects of type {TypeNames.Display(type)} do not cross.");
    }
}
