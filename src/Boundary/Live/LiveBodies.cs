namespace MultiProc.Boundary;

/// <summary>Objects that cross live.</summary>
internal static class LiveBodies
{
    /// <summary>A body for <paramref name="type"/>; null when it does not cross live.</summary>
    public static Body? TryCreate(Type type)
    {
        if (LoggerBody.AreLoggers(type))
        {
            return new LoggerBody(type);
        }

        if (type.IsDefined(typeof(SharedObjectAttribute), inherit: false))
        {
            return BodyFactory.Make(typeof(SharedObjectBody<>), type);
        }

        foreach (var contract in type.GetInterfaces())
        {
            if (!contract.IsConstructedGenericType)
            {
                continue;
            }

            if (contract.GetGenericTypeDefinition() == typeof(IProgress<>))
            {
                return BodyFactory.Make(typeof(ProgressBody<>), contract.GetGenericArguments()[0], type);
            }
        }

        // What a slot declared as the interface names on the wire.
        return type.IsInterface && type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>)
            ? BodyFactory.Make(typeof(ProgressBody<>), type.GetGenericArguments()[0], type)
            : null;
    }
}
