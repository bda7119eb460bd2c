using System.Globalization;
using System.Reflection;

namespace MultiProc.Protocol.Boundary;

/// <summary>What <see cref="StringComparer"/> offers: ordinal, or by the rules of a culture.</summary>
internal static class StringComparerCopy
{
    /// <summary>The body of every string comparer of the framework.</summary>
    public static Body Create() => new Copied<StringComparer, (string?, bool, CompareOptions)>(Take, Make);

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
        (var culture, _, var options) => StringComparer.Create(CultureInfo.GetCultureInfo(culture), options),
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

    protected override EqualityComparer<T> Make((Func<T?, T?, bool>?, Func<T, int>?) surrogate) =>
        surrogate.Item1 is null ? EqualityComparer<T>.Default : EqualityComparer<T>.Create(surrogate.Item1, surrogate.Item2);
}

/// <summary>The default order of a type, or one made of a delegate.</summary>
internal sealed class ComparerCopy<T> : Surrogate<Comparer<T>, Comparison<T>?>
{
    public override bool CanBeReferredToWhileRead => false;

    protected override Comparison<T>? Take(Comparer<T> value) =>
        value.GetType() == Comparer<T>.Default.GetType() ? null : Hidden.Field<Comparison<T>>(value);

    protected override Comparer<T> Make(Comparison<T>? surrogate) =>
        surrogate is null ? Comparer<T>.Default : Comparer<T>.Create(surrogate);
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
