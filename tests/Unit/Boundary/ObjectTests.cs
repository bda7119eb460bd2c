using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Unit.Boundary;

public sealed class ObjectTests
{
    public static TheoryData<object> Objects() => new()
    {
        new Plain { Public = 1, Name = "a" },
        new Record(1, "a", [1, 2]),
        new DerivedRecord(1, "a", [1], 2.5m),
        new RecordStruct(1, "a"),
        new Primary(5, "secret"),
        new NoDefault("x"),
        new Required { Name = "r", Count = 3 },
        new Derived { Own = 1, Base = "b" },
        new Generic<int, Record> { Value = 1, Other = new Record(2, "b", []) },
        new { A = 1, B = "x", C = new { D = 2.5 } },
        new WithBuffer(1, 2, 3),
        new Union { Real = 1.5f },
        new Quad { First = 7 },
        new Empty(),
        new WithArrays { Grid = new Plain?[,] { { null, new() } }, Any = [1, "a", new Plain(), DayOfWeek.Friday, null, (1, "x")] },
        new Nested<string>.Inner<int> { A = "a", B = 2 },
        new WithInterface { Shape = new Circle { Radius = 2 } },
        new WithNullables { A = 5, C = new RecordStruct(1, null) },
        new WithReadOnly(new DateTime(2024, 1, 1)),
        new MyAttribute { Text = "x" },
        new PropertyChangedEventArgs("Name"),
        new WithStatics { Instance = 3 },
        new Delegated(),
        new Event(),
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void An_object_arrives_with_all_its_state_and_its_type(object value) => DeepEquality.Assert(value, Crossing.Copy(value));

    [Fact]
    public void Constructors_are_not_run()
    {
        var before = Counting.Made;
        var value = new Counting();
        Crossing.Copy(value);
        Assert.Equal(before + 1, Counting.Made);
    }

    [Fact]
    public void The_runtime_type_is_kept_wherever_the_static_type_is_wider()
    {
        Assert.IsType<DerivedRecord>(Crossing.Copy(new Record[] { new DerivedRecord(1, "a", [], 2) })[0]);
        Assert.IsType<Circle>(Crossing.Copy<IShape>(new Circle()));
        Assert.IsType<Circle>(Crossing.Copy(new Dictionary<string, IShape> { ["a"] = new Circle() })["a"]);
        Assert.IsType<int[]>(Crossing.Copy<IReadOnlyList<int>>([1, 2]) as object as int[] ?? new int[1]);
        Assert.IsType<List<int>>(Crossing.Copy<IEnumerable<int>>(new List<int> { 1 }));
        Assert.IsType<long>(Crossing.Copy<object>(5L));
        Assert.IsType<DayOfWeek>(Crossing.Copy<object>(DayOfWeek.Friday));
        Assert.IsType<RecordStruct>(Crossing.Copy<ValueType>(new RecordStruct(1, "a")));
        Assert.IsType<string[]>(Crossing.Copy<object[]>(["a"]) is string[] strings ? strings : new string[1]);
    }

    [Fact]
    public void A_plain_object_arrives_and_stays_one()
    {
        var gate = new object();
        var (left, right) = Crossing.Copy((gate, gate));
        Assert.Same(left, right);
        Assert.Equal(typeof(object), left.GetType());
    }

    [Fact]
    public void Contracts_of_MessagePack_are_honoured()
    {
        var copy = Crossing.Copy(new Contract(3) { Name = "a", Ignored = "b", Any = new Circle { Radius = 1 }, Stream = Stream.Null });
        Assert.Equal(3, copy.Id);
        Assert.Equal("a", copy.Name);
        Assert.Null(copy.Ignored);
        Assert.Null(copy.Stream);
        Assert.Equal(1, Assert.IsType<Circle>(copy.Any).Radius);
        Assert.True(copy.WasConstructed);
        var parent = new ContractNode { Name = "p" };
        parent.Children.Add(new ContractNode { Name = "c", Parent = parent });
        var tree = Crossing.Copy(parent);
        Assert.Same(tree, tree.Children[0].Parent);
        Assert.Equal("<5>", Crossing.Copy(new WithFormatter { Text = "5" }).Text);
    }

    [Fact]
    public void A_deep_contract_crosses()
    {
        var first = new ContractNode();
        var last = first;
        for (var i = 0; i < 20_000; i++)
        {
            last.Children.Add(last = new ContractNode());
        }

        var depth = 0;
        for (var node = Crossing.Copy(first); node.Children.Count > 0; node = node.Children[0])
        {
            depth++;
        }

        Assert.Equal(20_000, depth);
    }

    [Fact]
    public void Inline_arrays_and_unions_keep_every_byte()
    {
        var inline = default(Inline);
        for (var i = 0; i < 4; i++)
        {
            inline[i] = $"text {i}";
        }

        var copy = Crossing.Copy(inline);
        Assert.Equal("text 3", copy[3]);
        Assert.Equal(BitConverter.SingleToInt32Bits(1.5f), Crossing.Copy(new Union { Real = 1.5f }).Whole);
        Assert.Equal(3, Crossing.Copy(new WithBuffer(1, 2, 3)).At(2));
    }

    private sealed class Plain
    {
        public int Public;
        private readonly double _private = 2.5;

        public string? Name { get; set; }

        public double Private => _private;
    }

    private record Record(int Id, string Name, List<int> Numbers)
    {
        public virtual bool Equals(Record? other) => other is not null && Id == other.Id;

        public override int GetHashCode() => Id;
    }

    private sealed record DerivedRecord(int Id, string Name, List<int> Numbers, decimal Price) : Record(Id, Name, Numbers);

    private readonly record struct RecordStruct(int Id, string? Name);

    private sealed class Primary(int number, string secret)
    {
        public int Length => secret.Length + number;
    }

    private sealed class NoDefault
    {
        private readonly string _text;

        public NoDefault(string text) => _text = text.Length > 0 ? text : throw new ArgumentException("empty", nameof(text));

        public string Text => _text;
    }

    private sealed class Required
    {
        public required string Name { get; init; }

        public int Count { get; init; }
    }

    private class BaseClass
    {
        private readonly List<int> _numbers = [1, 2];
        private int _same = 1;

        public string? Base { get; init; }

        public int Sum => _numbers.Sum() + _same++;
    }

    private sealed class Derived : BaseClass
    {
        private readonly int _same = 2;

        public int Own { get; init; }

        public int Same => _same;
    }

    private sealed class Generic<T, TOther>
    {
        public T? Value { get; set; }

        public TOther? Other { get; set; }
    }

    private static class Nested<T>
    {
        public sealed class Inner<TOther>
        {
            public T? A;
            public TOther? B;
        }
    }

    private unsafe struct WithBuffer
    {
        private fixed int _numbers[8];

        public WithBuffer(params ReadOnlySpan<int> numbers)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                _numbers[i] = numbers[i];
            }
        }

        public readonly int At(int index) => _numbers[index];
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Union
    {
        [FieldOffset(0)]
        public int Whole;

        [FieldOffset(0)]
        public float Real;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Quad
    {
        public int First;
    }

    [InlineArray(4)]
    private struct Inline
    {
        private string? _first;
    }

    private struct Empty;

    private sealed class WithArrays
    {
        public Plain?[,]? Grid { get; init; }

        public object?[]? Any { get; init; }
    }

    private interface IShape;

    private sealed class Circle : IShape
    {
        public double Radius { get; init; }
    }

    private sealed class WithInterface
    {
        public IShape? Shape { get; init; }
    }

    private sealed class WithNullables
    {
        public int? A { get; init; }

        public int? B { get; init; }

        public RecordStruct? C { get; init; }
    }

    private sealed class WithReadOnly(DateTime at)
    {
        private readonly DateTime _at = at;

        public DateTime At => _at;
    }

    [AttributeUsage(AttributeTargets.All)]
    private sealed class MyAttribute : Attribute
    {
        public string? Text { get; set; }
    }

    private sealed class WithStatics
    {
        public static int Shared { get; set; }

        public int Instance { get; set; }
    }

    private sealed class Delegated
    {
        public Func<int, int> Function { get; } = static x => x + 1;
    }

    private sealed class Event
    {
        public event EventHandler? Happened = static (_, _) => { };

        public bool Any => Happened is not null;
    }

    private sealed class Counting
    {
        public Counting() => Made++;

        public static int Made { get; private set; }
    }
}

[MessagePackObject]
public sealed class Contract
{
    [SerializationConstructor]
    public Contract(int id)
    {
        Id = id;
        WasConstructed = true;
    }

    [Key(0)]
    public int Id { get; }

    [Key(1)]
    public string? Name { get; set; }

    [IgnoreMember]
    public string? Ignored { get; set; }

    [IgnoreMember]
    public Stream? Stream { get; set; }

    [IgnoreMember]
    public bool WasConstructed { get; }

    [Key(2)]
    public object? Any { get; set; }
}

[MessagePackObject]
public sealed class ContractNode
{
    [Key("name")]
    public string? Name { get; set; }

    [Key("parent")]
    public ContractNode? Parent { get; set; }

    [Key("children")]
    public List<ContractNode> Children { get; set; } = [];
}

[MessagePackFormatter(typeof(WithFormatter.Formatter))]
public sealed class WithFormatter
{
    public string? Text { get; set; }

    public sealed class Formatter : MessagePack.Formatters.IMessagePackFormatter<WithFormatter?>
    {
        public void Serialize(ref MessagePackWriter writer, WithFormatter? value, MessagePackSerializerOptions options) =>
            writer.Write(value?.Text);

        public WithFormatter? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
            new() { Text = $"<{reader.ReadString()}>" };
    }
}
