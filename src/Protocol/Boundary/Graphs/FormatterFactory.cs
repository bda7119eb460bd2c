using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace MultiProc.Protocol.Boundary;

/// <summary>Decides how slots of a static type are written. Types that only hold numbers and text need no generated code.</summary>
internal static class FormatterFactory
{
    private static readonly Dictionary<Type, Func<object>> Leaves = new()
    {
        [typeof(bool)] = () => new BooleanFormatter(),
        [typeof(byte)] = () => new ByteFormatter(),
        [typeof(sbyte)] = () => new SByteFormatter(),
        [typeof(short)] = () => new Int16Formatter(),
        [typeof(ushort)] = () => new UInt16Formatter(),
        [typeof(int)] = () => new Int32Formatter(),
        [typeof(uint)] = () => new UInt32Formatter(),
        [typeof(long)] = () => new Int64Formatter(),
        [typeof(ulong)] = () => new UInt64Formatter(),
        [typeof(float)] = () => new SingleFormatter(),
        [typeof(double)] = () => new DoubleFormatter(),
        [typeof(char)] = () => new CharFormatter(),
        [typeof(nint)] = () => new IntPtrFormatter(),
        [typeof(nuint)] = () => new UIntPtrFormatter(),
        [typeof(decimal)] = () => new DecimalFormatter(),
        [typeof(string)] = () => new StringFormatter(),
        [typeof(DateTime)] = () => new DateTimeFormatter(),
        [typeof(DateTimeOffset)] = () => new DateTimeOffsetFormatter(),
        [typeof(TimeSpan)] = () => new TimeSpanFormatter(),
        [typeof(DateOnly)] = () => new DateOnlyFormatter(),
        [typeof(TimeOnly)] = () => new TimeOnlyFormatter(),
        [typeof(BigInteger)] = () => new BigIntegerFormatter(),
        [typeof(Index)] = () => new IndexFormatter(),
        [typeof(Range)] = () => new RangeFormatter(),
        [typeof(Rune)] = () => new RuneFormatter(),
        [typeof(Half)] = () => new BlockFormatter<Half>(),
        [typeof(Int128)] = () => new BlockFormatter<Int128>(),
        [typeof(UInt128)] = () => new BlockFormatter<UInt128>(),
        [typeof(Guid)] = () => new BlockFormatter<Guid>(),
        [typeof(Complex)] = () => new BlockFormatter<Complex>(),
        [typeof(ValueTuple)] = () => new EmptyTupleFormatter(),
        [typeof(CancellationToken)] = () => new CancellationTokenFormatter(),
    };

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
        if (Leaves.TryGetValue(type, out var make))
        {
            return make();
        }

        if (!type.IsValueType)
        {
            return Make(typeof(ObjectFormatter<>), type);
        }

        if (type.IsEnum)
        {
            return Make(typeof(EnumFormatter<>), type);
        }

        if (type.IsConstructedGenericType && Generic.TryGetValue(type.GetGenericTypeDefinition(), out var definition))
        {
            return Activator.CreateInstance(definition.MakeGenericType(type.GetGenericArguments()))!;
        }

        return KnownStructs.TryCreate(type) ?? Contracts.TryCreateFormatter(type) ?? ByState(type);
    }

    /// <summary>Constructs a generic formatter.</summary>
    public static object Make(Type definition, Type argument, params object[] arguments) =>
        Activator.CreateInstance(definition.MakeGenericType(argument), BindingFlags.Instance | BindingFlags.Public, null, arguments, null)!;

    private static object ByState(Type type)
    {
        if (type.GetCustomAttribute<InlineArrayAttribute>() is { } inline)
        {
            var element = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0].FieldType;
            return Activator.CreateInstance(typeof(InlineArrayFormatter<,>).MakeGenericType(type, element), inline.Length)!;
        }

        var plan = StatePlan.For(type);
        if ((Refusals.Reason(type) ?? plan.Refusal) is { } refusal)
        {
            return Make(typeof(RefusingFormatter<>), type, refusal);
        }

        return plan.IsBlock ? Make(typeof(BlockFormatter<>), type) : Make(typeof(StateFormatter<>), type, plan);
    }
}
