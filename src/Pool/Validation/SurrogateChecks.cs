using MultiProc.Boundary;

namespace MultiProc.Validation;

/// <summary>What a rule may be for, and of what it may consist.</summary>
internal static class SurrogateChecks
{
    private static readonly HashSet<Type> Roots =
        [typeof(object), typeof(string), typeof(ValueType), typeof(Enum), typeof(Array), typeof(Delegate), typeof(MulticastDelegate), typeof(CancellationToken)];

    /// <exception cref="ArgumentException">There can be no rule for that type.</exception>
    public static void CheckOriginal(Type original)
    {
        var reason = original.IsInterface ? "it is an interface; give a rule for each class that implements it"
            : typeof(Delegate).IsAssignableFrom(original) ? "a delegate crosses as a reference to its code"
            : original.IsPrimitive || original.IsEnum ? "it crosses as the number that it is"
            : original == typeof(CancellationToken) || LiveSerializers.TryCreate(original) is not null ? "it crosses live"
            : Roots.Contains(original) ? "too much derives from it, or is made of it"
            : original.IsValueType && !FormatterFactory.MayHaveRule(original) ? "it crosses as what it holds; give a rule for that"
            : null;
        if (reason is not null)
        {
            throw new ArgumentException($"There can be no rule for {TypeNames.Display(original)}: {reason}.", nameof(original));
        }
    }

    /// <exception cref="ArgumentException"><paramref name="surrogate"/> would need the rule itself.</exception>
    public static void CheckSurrogate(Type original, Type surrogate)
    {
        if (original.IsAssignableFrom(surrogate))
        {
            throw new ArgumentException(
                $"{TypeNames.Display(surrogate)} cannot stand for {TypeNames.Display(original)}: it is one itself, and would need the same rule. Use a type that is none, such as a tuple.", nameof(surrogate));
        }
    }

    /// <exception cref="ArgumentException">The function brings more than its code.</exception>
    public static void CheckFunction(Delegate function, string parameter)
    {
        if (!BoundaryWriter.CapturesNothing(function))
        {
            throw new ArgumentException(
                "The function of a rule is sent to each worker as a reference to its code, so it must be static, or a lambda that captures nothing, of an assembly that is deployed with the application.",
                parameter);
        }
    }
}
