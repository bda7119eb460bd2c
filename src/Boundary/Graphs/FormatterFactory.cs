using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>Decides how slots of a static type are written. Types that only hold numbers and text need no generated code.</summary>
internal static class FormatterFactory
{
    private static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableFormatter<>),
        [typeof(ValueTuple<>)] = typeof(SingleTupleFormatter<>),
        [typeof(ValueTuple<,>)] = typeof(TupleFormatter<,>),
        [typeof(ValueTuple<,,>)] = typeof(TupleFormatter<,,>),
        [typeof(ValueTuple<,,,>)] = typeof(TupleFormatter<,,,>),
        [typeof(ValueTuple<,,,,>)] = typeof(TupleFormatter<,,,,>),
        [typeof(ValueTuple<,,,,,>)] = typeof(TupleFormatter<,,,,,>),
        [typeof(ValueTuple<,,,,,,>)] = typeof(TupleFormatter<,,,,,,>),
        [typeof(ValueTuple<,,,,,,,>)] = typeof(TupleFormatter<,,,,,,,>),
        [typeof(KeyValuePair<,>)] = typeof(KeyValuePairFormatter<,>),
    };

    /// <summary>The formatter for slots of type <paramref name="type"/>: a <see cref="Formatter{T}"/> of it. Never throws.</summary>
    public static object Create(Type type)
    {
        // First, and apart from the table: a worker's first call needs this one, and no other as a rule.
        if (!type.IsValueType && type != typeof(string))
        {
            return Make(typeof(ObjectFormatter<>), type);
        }

        if (LeafFormatters.TryCreate(type) is { } leaf)
        {
            return leaf is not ILooksForRule && MayHaveRule(type) ? Ruled(type, leaf) : leaf;
        }

        if (type.IsEnum)
        {
            return Make(typeof(EnumFormatter<>), type);
        }

        if (type.IsConstructedGenericType && Generic.TryGetValue(type.GetGenericTypeDefinition(), out var definition))
        {
            return Activator.CreateInstance(definition.MakeGenericType(type.GetGenericArguments()))!;
        }

        return Ruled(type, KnownStructs.TryCreate(type) ?? Contracts.TryCreateFormatter(type) ?? ByState(type));
    }

    /// <summary>Whether a pool may have a rule for values of the struct <paramref name="type"/>. Numbers and enums cross as what they are, and tuples as what they hold.</summary>
    public static bool MayHaveRule(Type type) =>
        type.IsValueType && !type.IsPrimitive && !type.IsEnum && type != typeof(CancellationToken) && type != typeof(ValueTuple) && type != typeof(void)
        && !(type.IsConstructedGenericType && Generic.ContainsKey(type.GetGenericTypeDefinition()));

    /// <summary>Whether structs of type <paramref name="type"/> cannot cross.</summary>
    public static bool Refuses(Type type) => (Create(type) is IRuledFormatter ruled ? ruled.Inner : Create(type)).GetType() is { IsConstructedGenericType: true } formatter && formatter.GetGenericTypeDefinition() == typeof(RefusingFormatter<>);

    /// <summary>Constructs a generic formatter, or a serializer.</summary>
    public static object Make(Type definition, Type argument, params object[] arguments)
    {
        var type = definition.MakeGenericType(argument);

        // Without arguments there is no constructor to choose, which takes its time.
        return (arguments.Length == 0 ? Activator.CreateInstance(type) : Activator.CreateInstance(type, arguments))!;
    }

    private static object Ruled(Type type, object formatter) => Make(typeof(RuledFormatter<>), type, formatter);

    private static object ByState(Type type)
    {
        if (type.GetCustomAttribute<InlineArrayAttribute>() is { } inline)
        {
            var field = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0];
            var element = field.FieldType;
            if (element.IsPointer || element.IsFunctionPointer || Addresses.AreDeclaredBy(field))
            {
                return Make(typeof(RefusingFormatter<>), type, Addresses.ReasonFor(field));
            }

            return Activator.CreateInstance(typeof(InlineArrayFormatter<,>).MakeGenericType(type, element), inline.Length)!;
        }

        var conventions = Conventions.Of(type);
        if (conventions is { HasOwnState: true, Refusal: null })
        {
            return Make(typeof(OwnStateFormatter<>), type, conventions);
        }

        var plan = StatePlan.For(type);
        if ((conventions?.Refusal ?? Refusals.Reason(type) ?? plan.Refusal) is { } refusal)
        {
            return Make(typeof(RefusingFormatter<>), type, refusal);
        }

        if (conventions is not null)
        {
            return Make(typeof(GivenStateFormatter<>), type, plan, conventions);
        }

        if (ForeignTable.Of(type) is { } table)
        {
            return Make(typeof(TableFormatter<>), type, plan, table);
        }

        return plan.IsBlock ? Make(typeof(BlockFormatter<>), type) : Make(typeof(StateFormatter<>), type, plan);
    }
}
