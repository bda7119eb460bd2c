using System.Numerics;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>The formatters of types that hold nothing but a value: numbers, text, times.</summary>
internal static class LeafFormatters
{
    private static readonly Dictionary<Type, Func<object>> Known = new()
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

    /// <summary>The formatter for slots of type <paramref name="type"/>; null: it is no such type.</summary>
    public static object? TryCreate(Type type) => Known.TryGetValue(type, out var make) ? make() : null;
}
