using MultiProc.Boundary;
using MultiProc.Validation;

namespace MultiProc;

public sealed partial record ProcessPoolOptions
{
    /// <summary>The rules for types that are not the user's, none of them for the type of another one.</summary>
    internal IReadOnlyList<SurrogateRule> Surrogates { get; private init; } = [];

    /// <summary>The same rules, as graphs look them up; null: there are none.</summary>
    internal SurrogateRules? Rules { get; private init; }

    /// <summary>
    /// These options with a rule for a type that cannot be copied, or not as it should be, and is not yours to change (<c>copyreg.pickle</c> in Python): what crosses
    /// is the surrogate, in both directions, wherever a <typeparamref name="T"/> or an object of a type derived from it stands; and what arrives is whatever
    /// <paramref name="fromSurrogate"/> makes of it. Of several rules, that of the type itself comes first, then that of its nearest base class; a second rule for the
    /// same type replaces the first. A surrogate may have a rule itself. The functions run in this process and in the workers, on any thread, perhaps several at once.
    /// </summary>
    /// <typeparam name="T">A class or a struct; of a class, also those derived from it.</typeparam>
    /// <typeparam name="TSurrogate">What crosses; anything that does, such as a tuple.</typeparam>
    /// <param name="toSurrogate">Makes the surrogate. It is static, or a lambda that captures nothing. What it throws refuses the call.</param>
    /// <param name="fromSurrogate">Makes the object again. It is static, or a lambda that captures nothing.</param>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    /// <exception cref="ArgumentException">
    /// A function captures something, or no other process can find it; <typeparamref name="T"/> is an interface, a delegate type, a primitive type, an enum, a tuple or
    /// nullable value, <see cref="string"/>, <see cref="object"/>, <see cref="ValueType"/>, <see cref="Enum"/>, <see cref="Array"/>, or crosses live;
    /// <typeparamref name="TSurrogate"/> is <typeparamref name="T"/> or derived from it.
    /// </exception>
    public ProcessPoolOptions WithSurrogate<T, TSurrogate>(Func<T, TSurrogate> toSurrogate, Func<TSurrogate, T> fromSurrogate)
    {
        ArgumentNullException.ThrowIfNull(toSurrogate);
        ArgumentNullException.ThrowIfNull(fromSurrogate);
        SurrogateChecks.CheckOriginal(typeof(T));
        SurrogateChecks.CheckSurrogate(typeof(T), typeof(TSurrogate));
        SurrogateChecks.CheckFunction(toSurrogate, nameof(toSurrogate));
        SurrogateChecks.CheckFunction(fromSurrogate, nameof(fromSurrogate));
        var rule = new SurrogateRule<T, TSurrogate>(toSurrogate, fromSurrogate);
        SurrogateRule[] rules = [.. Surrogates.Where(static other => other.Original != typeof(T)), rule];
        return this with { Surrogates = rules, Rules = new SurrogateRules([.. rules]) };
    }
}
