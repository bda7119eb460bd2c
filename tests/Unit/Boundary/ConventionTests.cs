using System.Runtime.Serialization;
using MultiProc.Boundary;

#pragma warning disable SYSLIB0050, SYSLIB0051, CS0672

namespace MultiProc.Unit.Boundary;

/// <summary>What authors of types wrote for .NET's serialization is kept.</summary>
public sealed class ConventionTests
{
    [ThreadStatic]
    private static List<string>? _log;

    private static List<string> Log => _log ??= [];

    [Fact]
    public void State_that_is_made_before_and_unmade_behind_the_copy_arrives()
    {
        var original = new Packed("a", "b");
        var copy = Crossing.Copy(original);
        Assert.Equal(["a", "b"], copy.Items);
        Assert.Equal(["a", "b"], original.Items);
        Assert.Null(original.Serialized);
        Assert.Null(copy.Serialized);
    }

    [Fact]
    public void Type_that_says_its_state_is_made_again_by_its_constructor()
    {
        var copy = Crossing.Copy(new Money(5, "EUR"));
        Assert.Equal("5 EUR", copy.ToString());
        Assert.Equal("5 EUR", ((Money)Crossing.Copy<object>(new Money(5, "EUR"))).ToString());
        Assert.Equal("7 USD", Crossing.Copy(new Holder<Money> { Value = new Money(7, "USD") }).Value!.ToString());
    }

    [Fact]
    public void Struct_that_says_its_state_is_made_again_by_its_constructor()
    {
        Assert.Equal("3 kg", Crossing.Copy(new Weight(3, "kg")).ToString());
        Assert.Equal(["3 kg", "4 t"], Crossing.Copy(new[] { new Weight(3, "kg"), new Weight(4, "t") }).Select(weight => weight.ToString()));
        Assert.Equal("3 kg", Crossing.Copy<object>(new Weight(3, "kg")).ToString());
    }

    [Fact]
    public void Type_that_says_its_state_and_has_no_constructor_for_it_is_refused_by_name()
    {
        var refusal = Crossing.Refused(new Holder<object> { Value = new WithoutConstructor() });
        Assert.Equal("arg.Value", refusal.Path);
        Assert.Equal(typeof(WithoutConstructor), refusal.Type);
        Assert.Contains("SerializationInfo, StreamingContext", refusal.Message);
        Assert.Contains("WithSurrogate", refusal.Message);
    }

    [Fact]
    public void What_says_its_state_badly_is_refused_with_what_it_threw()
    {
        var refusal = Crossing.Refused(new Holder<object> { Value = new Thrower() });
        Assert.Contains("GetObjectData threw PlatformNotSupportedException: not here", refusal.Message);
    }

    [Fact]
    public void Value_in_a_state_that_cannot_cross_is_named_by_its_path()
    {
        var refusal = Crossing.Refused(new Holder<object> { Value = new HoldsTask() });
        Assert.Equal("arg.Value.task", refusal.Path);
    }

    [Fact]
    public void Stand_in_is_asked_for_the_object_that_is_meant()
    {
        Assert.Same(Single.Instance, Crossing.Copy(Single.Instance));
        Assert.Same(Single.Instance, Crossing.Copy<object>(Single.Instance));
        Assert.Same(Named.Of("red"), Crossing.Copy(Named.Of("red")));
        Assert.Same(Level.High, Crossing.Copy(new Holder<Level> { Value = Level.High }).Value);
        var both = Crossing.Copy(new[] { Named.Of("red"), Named.Of("red"), Named.Of("blue") });
        Assert.Same(both[0], both[1]);
        Assert.Same(Named.Of("blue"), both[2]);
    }

    [Fact]
    public void Callbacks_come_base_class_first_and_each_kind_when_its_time_has_come()
    {
        Log.Clear();
        Crossing.Copy(new Derived());
        Assert.Equal(
            [
                "Derived: base serializing", "Derived: serializing", "Derived: base serialized", "Derived: serialized",
                "Derived: base deserializing", "Derived: deserializing", "Derived: base deserialized", "Derived: deserialized", "Derived: deserialization",
            ], Log);
    }

    [Fact]
    public void In_a_cycle_everything_is_there_before_anybody_is_told_and_inner_objects_are_told_first()
    {
        var parent = new Node { Name = "parent", Child = new Node { Name = "child" } };
        parent.Child.Parent = parent;
        Log.Clear();
        var copy = Crossing.Copy(parent);
        Assert.Same(copy, copy.Child!.Parent);
        Assert.Equal(
            [
                "?: serializing", "?: serializing",
                "?: deserializing", "?: deserializing",
                "child of parent: deserialized", "parent over child: deserialized",
                "child of parent: deserialization", "parent over child: deserialization",
            ], Log);
    }

    [Fact]
    public void Siblings_are_told_when_the_last_of_them_is_there()
    {
        Log.Clear();
        Crossing.Copy(new List<Node> { new() { Name = "a" }, new() { Name = "b" } });
        Assert.Equal(
            ["?: deserializing", "?: deserializing", "a: deserialized", "b: deserialized", "a: deserialization", "b: deserialization"], Log[2..]);
    }

    [Fact]
    public void In_a_cycle_of_objects_that_say_their_state_each_is_one_object()
    {
        var left = new Linked("left");
        var right = new Linked("right") { Other = left };
        left.Other = right;
        var copy = Crossing.Copy(left);
        Assert.Equal("left", copy.Name);
        Assert.Equal("right", copy.Other!.Name);
        Assert.Same(copy, copy.Other.Other);
    }

    [Fact]
    public void Keys_are_told_before_a_table_looks_at_them()
    {
        var copy = Crossing.Copy(new Dictionary<Key, int> { [new Key("a")] = 1, [new Key("b")] = 2 });
        Assert.Equal(2, copy[new Key("b")]);
        var late = Crossing.Copy(new Dictionary<LateKey, int> { [new LateKey("a")] = 1 });
        Assert.Equal(1, late[new LateKey("a")]);
    }

    [Fact]
    public void Struct_is_told_before_it_takes_its_place()
    {
        Assert.Equal(12, Crossing.Copy(new Area(3, 4)).Product);
        Assert.Equal(12, Crossing.Copy(new[] { new Area(3, 4) })[0].Product);
    }

    [Fact]
    public void Collection_that_overrides_nothing_keeps_its_own_fields_and_its_base()
    {
        var copy = Crossing.Copy(new Plain { ["a"] = 1, Extra = "x" });
        Assert.Equal(1, copy["a"]);
        Assert.Equal("x", copy.Extra);
    }

    [Fact]
    public void Collection_that_says_more_of_its_state_is_asked()
    {
        var copy = Crossing.Copy(new Special { ["a"] = 1, Extra = "x" });
        Assert.Equal(1, copy["a"]);
        Assert.Equal("said x", copy.Extra);
    }

    [Fact]
    public void Exception_keeps_its_fields_whatever_it_says_of_its_state()
    {
        var copy = Crossing.Copy(new Failure("m") { Code = 7 });
        Assert.Equal(7, copy.Code);
        Assert.Equal("m", copy.Message);
    }

    [Fact]
    public void Callback_of_another_form_is_refused_by_name()
    {
        var refusal = Crossing.Refused(new BadCallback());
        Assert.Contains("Ready", refusal.Message);
        Assert.Contains("StreamingContext", refusal.Message);
    }

    [Fact]
    public void Object_that_several_threads_write_at_once_arrives_whole()
    {
        var shared = new Packed([.. Enumerable.Range(0, 50).Select(i => $"item {i}")]);
        Parallel.For(0, 200, _ => Assert.Equal(50, Crossing.Copy(shared).Items.Count));
    }

    [Fact]
    public void What_throws_while_it_is_made_again_is_an_error_of_the_reader()
    {
        var bytes = Crossing.Encode(new Picky(false));
        var error = Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<Picky>(bytes));
        Assert.Contains("ConventionTests.Picky cannot be made: its constructor for ISerializable threw ArgumentException: too picky", error.Message);
        Assert.Contains("WithSurrogate", error.Message);
        error = Assert.Throws<BoundaryFormatException>(() => Crossing.Copy(new Disappointed()));
        Assert.Contains("ConventionTests.Disappointed cannot be made: its OnDeserialization threw InvalidOperationException: not this", error.Message);
    }

    private sealed class Holder<T>
    {
        public T? Value { get; set; }
    }

    private sealed class Packed
    {
        [NonSerialized]
        private List<string> _items;

        public Packed(params string[] items) => _items = [.. items];

        public string[]? Serialized { get; private set; }

        public IReadOnlyList<string> Items => _items;

        [OnSerializing]
        private void Pack(StreamingContext context) => Serialized = [.. _items];

        [OnSerialized]
        private void Forget(StreamingContext context) => Serialized = null;

        [OnDeserialized]
        private void Unpack(StreamingContext context)
        {
            _items = [.. Serialized!];
            Serialized = null;
        }
    }

    private sealed class Money : ISerializable
    {
        [NonSerialized]
        private readonly decimal _amount;

        [NonSerialized]
        private readonly string _currency;

        public Money(decimal amount, string currency) => (_amount, _currency) = (amount, currency);

        private Money(SerializationInfo info, StreamingContext context) => (_amount, _currency) = (info.GetDecimal("amount"), info.GetString("currency")!);

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("amount", _amount);
            info.AddValue("currency", _currency);
        }

        public override string ToString() => $"{_amount} {_currency}";
    }

    private readonly struct Weight : ISerializable
    {
        [NonSerialized]
        private readonly int _amount;
        private readonly string _unit;

        public Weight(int amount, string unit) => (_amount, _unit) = (amount, unit);

        private Weight(SerializationInfo info, StreamingContext context) => (_amount, _unit) = (info.GetInt32("a"), info.GetString("u")!);

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("a", _amount);
            info.AddValue("u", _unit);
        }

        public override string ToString() => $"{_amount} {_unit}";
    }

    private sealed class WithoutConstructor : ISerializable
    {
        public void GetObjectData(SerializationInfo info, StreamingContext context) => info.AddValue("x", 1);
    }

    private sealed class Thrower : ISerializable
    {
        public Thrower()
        {
        }

        private Thrower(SerializationInfo info, StreamingContext context)
        {
        }

        public void GetObjectData(SerializationInfo info, StreamingContext context) => throw new PlatformNotSupportedException("not here");
    }

    private sealed class HoldsTask : ISerializable
    {
        public HoldsTask()
        {
        }

        private HoldsTask(SerializationInfo info, StreamingContext context)
        {
        }

        public void GetObjectData(SerializationInfo info, StreamingContext context) => info.AddValue("task", Task.CompletedTask);
    }

    private sealed class Single : ISerializable
    {
        public static readonly Single Instance = new();

        private Single()
        {
        }

        public void GetObjectData(SerializationInfo info, StreamingContext context) => info.SetType(typeof(SingleHelper));
    }

    private sealed class SingleHelper : IObjectReference
    {
        public object GetRealObject(StreamingContext context) => Single.Instance;
    }

    private sealed class Named : ISerializable
    {
        private static readonly Dictionary<string, Named> Known = [];

        private Named(string name) => Name = name;

        public string Name { get; }

        public static Named Of(string name) => Known.TryGetValue(name, out var known) ? known : Known[name] = new Named(name);

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.SetType(typeof(NamedHelper));
            info.AddValue("_name", Name);
        }
    }

    private sealed class NamedHelper : IObjectReference
    {
#pragma warning disable CS0649 // Set by its name.
        private readonly string? _name;
#pragma warning restore CS0649

        public object GetRealObject(StreamingContext context) => Named.Of(_name!);
    }

    private sealed class Level : IObjectReference
    {
        public static readonly Level Low = new(1), High = new(2);

        private readonly int _number;

        private Level(int number) => _number = number;

        public object GetRealObject(StreamingContext context) => _number == 1 ? Low : High;
    }

    private class Base : IDeserializationCallback
    {
        public virtual void OnDeserialization(object? sender) => Note("deserialization");

        protected void Note(string text) => Log.Add($"{GetType().Name}: {text}");

        [OnSerializing]
        private void A(StreamingContext context) => Note("base serializing");

        [OnSerialized]
        private void B(StreamingContext context) => Note("base serialized");

        [OnDeserializing]
        private void C(StreamingContext context) => Note("base deserializing");

        [OnDeserialized]
        private void D(StreamingContext context) => Note("base deserialized");
    }

    private sealed class Derived : Base
    {
        [OnSerializing]
        private void A(StreamingContext context) => Note("serializing");

        [OnSerialized]
        private void B(StreamingContext context) => Note("serialized");

        [OnDeserializing]
        private void C(StreamingContext context) => Note("deserializing");

        [OnDeserialized]
        private void D(StreamingContext context) => Note("deserialized");
    }

    private sealed class Node : IDeserializationCallback
    {
        public string? Name { get; init; }

        public Node? Child { get; init; }

        public Node? Parent { get; set; }

        public override string ToString() => Parent is not null ? $"{Name} of {Parent.Name}" : Child is not null ? $"{Name} over {Child.Name}" : $"{Name}";

        public void OnDeserialization(object? sender) => Log.Add($"{this}: deserialization");

        [OnSerializing]
        private void A(StreamingContext context) => Log.Add("?: serializing");

        [OnDeserializing]
        private void B(StreamingContext context) => Log.Add($"{Name ?? "?"}: deserializing");

        [OnDeserialized]
        private void C(StreamingContext context) => Log.Add($"{this}: deserialized");
    }

    private sealed class Linked : ISerializable
    {
        public Linked(string name) => Name = name;

        private Linked(SerializationInfo info, StreamingContext context) => (Name, Other) = (info.GetString("name")!, (Linked?)info.GetValue("other", typeof(Linked)));

        public string Name { get; }

        public Linked? Other { get; set; }

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("name", Name);
            info.AddValue("other", Other);
        }
    }

    private sealed class Key(string text)
    {
        [NonSerialized]
        private int _hash = text.Length + 100;

        private readonly string _text = text;

        public override int GetHashCode() => _hash;

        public override bool Equals(object? obj) => obj is Key key && key._text == _text;

        [OnDeserialized]
        private void Hash(StreamingContext context) => _hash = _text.Length + 100;
    }

    private sealed class LateKey(string text) : IDeserializationCallback
    {
        [NonSerialized]
        private int _hash = text.Length + 100;

        private readonly string _text = text;

        public override int GetHashCode() => _hash;

        public override bool Equals(object? obj) => obj is LateKey key && key._text == _text;

        public void OnDeserialization(object? sender) => _hash = _text.Length + 100;
    }

    private struct Area(int width, int height)
    {
        private readonly int _width = width, _height = height;

        [NonSerialized]
        public int Product = width * height;

        [OnDeserialized]
        private void Multiply(StreamingContext context) => Product = _width * _height;
    }

    private sealed class Plain : Dictionary<string, int>
    {
        public string? Extra { get; set; }
    }

    private sealed class Special : Dictionary<string, int>
    {
        public Special()
        {
        }

        private Special(SerializationInfo info, StreamingContext context)
            : base(info, context) => Extra = info.GetString("extra");

        public string? Extra { get; set; }

        public override void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            base.GetObjectData(info, context);
            info.AddValue("extra", "said " + Extra);
        }
    }

    private sealed class Failure(string message) : Exception(message)
    {
        public int Code { get; init; }

        public override void GetObjectData(SerializationInfo info, StreamingContext context) => throw new NotSupportedException();
    }

    private sealed class BadCallback
    {
        [OnDeserialized]
        private void Ready() => _ = this;
    }

    private sealed class Disappointed : IDeserializationCallback
    {
        public void OnDeserialization(object? sender) => throw new InvalidOperationException("not this");
    }

    private sealed class Picky : ISerializable
    {
        public Picky(bool isPicky) => _ = isPicky;

        private Picky(SerializationInfo info, StreamingContext context) => throw new ArgumentException("too picky");

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
        }
    }
}
