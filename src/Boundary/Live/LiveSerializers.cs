namespace MultiProc.Boundary;

/// <summary>Objects that cross live.</summary>
internal static class LiveSerializers
{
    /// <summary>The serializer of <paramref name="type"/>; null when it does not cross live.</summary>
    public static Serializer? TryCreate(Type type)
    {
        if (LoggerSerializer.AreLoggers(type))
        {
            return new LoggerSerializer(type);
        }

        if (type.IsDefined(typeof(SharedObjectAttribute), inherit: false))
        {
            return SerializerFactory.Make(typeof(SharedObjectSerializer<>), type);
        }

        foreach (var contract in type.GetInterfaces())
        {
            if (!contract.IsConstructedGenericType)
            {
                continue;
            }

            if (contract.GetGenericTypeDefinition() == typeof(IProgress<>))
            {
                return SerializerFactory.Make(typeof(ProgressSerializer<>), contract.GetGenericArguments()[0], type);
            }
        }

        // What a slot declared as the interface names on the wire.
        return type.IsInterface && type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>)
            ? SerializerFactory.Make(typeof(ProgressSerializer<>), type.GetGenericArguments()[0], type)
            : null;
    }
}
