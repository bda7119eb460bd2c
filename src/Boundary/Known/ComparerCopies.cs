using System.Globalization;
using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>What <see cref="StringComparer"/> offers: ordinal, or by the rules of a culture.</summary>
internal static class StringComparerCopy
{
    /// <summary>The serializer of every string comparer of the framework.</summary>
    public static Serializer Create() => new Copied<StringComparer, (string?, bool, CompareOptions)>(Take, Make);

    private static (string?, bool, CompareOptions) Take(StringComparer comparer)
    {
        if (StringComparer.IsWellKnownOrdinalComparer(comparer, out var ignoresCase))
        {
            return (null, ignoresCase, default);
        }

        return StringComparer.IsWellKnownCultureAwareComparer(comparer, out var culture, out var options)
            ? (culture.Name, false, options)
            : throw new NotSupportedException("this string comparer is unknown.");
    }

    private static StringComparer Make((string?, bool, CompareOptions) surrogate) => surrogate switch
    {
        (null, false, _) => StringComparer.Ordinal,
        (null, true, _) => StringComparer.OrdinalIgnoreCase,
        ("", _, CompareOptions.None) => StringComparer.InvariantCulture,
        ("", _, CompareOptions.IgnoreCase) => StringComparer.InvariantCultureIgnoreCase,
        (var culture, _, var options) => StringComparer.Create(CultureInfo.GetCultureInfo(Cultures.Accept(culture)), options),
    };
}

/// <summary>The default equality of a type, or one made of two delegates.</summary>
internal sealed class EqualityComparerCopy<T> : Surrogate<EqualityComparer<T>, (Func<T?, T?, bool>?, Func<T, int>?)>
{
    public override bool CanBeReferredToWhileRead => false;

    protected override (Func<T?, T?, bool>?, Func<T, int>?) Take(EqualityComparer<T> value)
    {
        if (value.GetType() == EqualityComparer<T>.Default.GetType())
        {
            return default;
        }

        return (Hidden.Field<Func<T?, T?, bool>>(value), Hidden.Field<Func<T, int>>(value));
    }

    public override string? Objection(object value, GraphWriter graph)
    {
        var (equals, hash) = Take((EqualityComparer<T>)value);
        return ComparerDelegates.Objection(equals, graph) ?? ComparerDelegates.Objection(hash, graph);
    }

    protected override void Check((Func<T?, T?, bool>?, Func<T, int>?) surrogate, GraphReader graph)
    {
        ComparerDelegates.Check(surrogate.Item1, graph);
        ComparerDelegates.Check(surrogate.Item2, graph);
    }

    protected override EqualityComparer<T> Make((Func<T?, T?, bool>?, Func<T, int>?) surrogate) =>
        surrogate.Item1 is null ? EqualityComparer<T>.Default : EqualityComparer<T>.Create(surrogate.Item1, surrogate.Item2);
}

/// <summary>The default order of a type, or one made of a delegate.</summary>
internal sealed class ComparerCopy<T> : Surrogate<Comparer<T>, Comparison<T>?>
{
    public override bool CanBeReferredToWhileRead => false;

    protected override Comparison<T>? Take(Comparer<T> value) =>
        value.GetType() == Comparer<T>.Default.GetType() ? null : Hidden.Field<Comparison<T>>(value);

    public override string? Objection(object value, GraphWriter graph) => ComparerDelegates.Objection(Take((Comparer<T>)value), graph);

    protected override void Check(Comparison<T>? surrogate, GraphReader graph) => ComparerDelegates.Check(surrogate, graph);

    protected override Comparer<T> Make(Comparison<T>? surrogate) =>
        surrogate is null ? Comparer<T>.Default : Comparer<T>.Create(surrogate);
}

/// <summary>The delegates of which a comparer is made. They run while the collection that has it is copied, so not every one is accepted.</summary>
internal static class ComparerDelegates
{
    /// <summary>Why the receiver does not accept a comparer made of <paramref name="function"/>; null: it does.</summary>
    public static string? Objection(Delegate? function, GraphWriter graph)
    {
        foreach (var invocation in function?.GetInvocationList() ?? [])
        {
            if (!graph.Live.HasReceived(invocation.Method) && !graph.Receiver!.MayCompare(invocation.Method, default))
            {
                return Reason(invocation.Method);
            }
        }

        return null;
    }

    /// <exception cref="DistrustException">It is not accepted in <paramref name="graph"/>.</exception>
    public static void Check(Delegate? function, GraphReader graph)
    {
        if (graph.Trust.IsFull)
        {
            return;
        }

        foreach (var invocation in function?.GetInvocationList() ?? [])
        {
            if (!graph.Trust.MayCompare(invocation.Method, graph.Sent))
            {
                throw new DistrustException(typeof(Delegate), "a comparer", Reason(invocation.Method));
            }
        }
    }

    private static string Reason(MethodInfo method) =>
        $"it is made of {FunctionNames.Describe(method)}, which is not a lambda or local function of the application, and would run while the copy is made. " +
            "Make it of a lambda, or of what was sent with the call; or write a class of your own that implements the comparer's interface.";
}

/// <summary>Fields of types that the framework keeps to itself.</summary>
internal static class Hidden
{
    /// <summary>The value of the one field of type <typeparamref name="TField"/> that <paramref name="instance"/> has.</summary>
    public static TField Field<TField>(object instance)
    {
        var fields = instance.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        return fields.FirstOrDefault(field => field.FieldType == typeof(TField))?.GetValue(instance) is TField value
            ? value
            : throw new NotSupportedException($"{TypeNames.Display(instance.GetType())} is unknown.");
    }
}
