using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Rules of a pool for types that are not its user's.</summary>
public sealed class SurrogateTests
{
    [Fact]
    public void Surrogate_crosses_wherever_the_type_stands()
    {
        var rules = Rules(Rule<Handle, int>(static handle => handle.Number, static number => new Handle(number)));
        Assert.Equal(7, Copy(new Handle(7), rules).Number);
        Assert.Equal(7, ((Handle)Copy<object>(new Handle(7), rules)).Number);
        Assert.Equal([1, 2], Copy(new List<Handle> { new(1), new(2) }, rules).Select(handle => handle.Number));
        Assert.Equal(5, Copy(new Dictionary<string, Handle> { ["a"] = new(5) }, rules)["a"].Number);
        Assert.Equal(3, Copy((new Handle(3), "x"), rules).Item1.Number);
        var one = new Handle(4);
        var both = Copy(new[] { one, one }, rules);
        Assert.Same(both[0], both[1]);
    }

    [Fact]
    public void Rule_of_the_nearest_base_class_is_taken()
    {
        var rules = Rules(
            Rule<Animal, string>(static animal => "animal " + animal.Name, static name => new Cat(name)),
            Rule<Dog, string>(static dog => "dog " + dog.Name, static name => new Dog(name)));
        Assert.Equal("dog Rex", Assert.IsType<Dog>(Copy<Animal>(new Dog("Rex"), rules)).Name);
        Assert.Equal("dog Tiny", Assert.IsType<Dog>(Copy<Animal>(new Puppy("Tiny"), rules)).Name);
        Assert.Equal("animal Tom", Assert.IsType<Cat>(Copy<Animal>(new Cat("Tom"), rules)).Name);
    }

    [Fact]
    public void What_is_made_must_fit_where_it_stands()
    {
        var rules = Rules(Rule<Animal, string>(static animal => animal.Name, static name => new Cat(name)));
        Assert.Throws<BoundaryFormatException>(() => Copy(new Dog("Rex"), rules));
    }

    [Fact]
    public void Surrogate_may_have_a_rule_itself()
    {
        var rules = Rules(
            Rule<Handle, Cat>(static handle => new Cat(handle.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)), static cat => new Handle(cat.Name.Length)),
            Rule<Cat, string>(static cat => cat.Name + "!", static name => new Cat(name)));
        Assert.Equal(3, Copy(new Handle(42), rules).Number);
    }

    [Fact]
    public void Chain_that_comes_back_is_refused_with_its_path()
    {
        var rules = Rules(
            Rule<Cat, Dog>(static cat => new Dog(cat.Name), static dog => new Cat(dog.Name)),
            Rule<Dog, Cat>(static dog => new Cat(dog.Name), static cat => new Dog(cat.Name)));
        var refusal = Refused(new Holder { Value = new Cat("Tom") }, rules);
        Assert.StartsWith("arg.Value", refusal.Path);
        Assert.Contains("circle", refusal.Message);
        Assert.Contains("circle", Refused(new Holder { Value = new Cat("Tom") }, Rules(Rule<Cat, object>(static cat => new Cat(cat.Name), static cat => (Cat)cat))).Message);
    }

    [Fact]
    public void Objects_within_a_surrogate_cross_by_the_same_rule()
    {
        var rules = Rules(Rule<Tree, (string, Tree[])>(static tree => (tree.Name, [.. tree.Children]), static parts => new Tree(parts.Item1, parts.Item2)));
        var copy = Copy(new Tree("root", [new Tree("left", []), new Tree("right", [new Tree("leaf", [])])]), rules);
        Assert.Equal("root(left(),right(leaf()))", copy.ToString());
    }

    [Fact]
    public void Surrogate_that_holds_what_it_stands_for_is_refused()
    {
        var refusal = Refused(new Cat("Tom"), Rules(Rule<Cat, Holder>(static cat => new Holder { Value = cat }, static holder => (Cat)holder.Value!)));
        Assert.Contains("contains itself", refusal.Message);
    }

    [Fact]
    public void Struct_crosses_by_its_rule_in_every_place()
    {
        var rules = Rules(Rule<Point, string>(static point => $"{point.X};{point.Y}", static text => new Point(Number(text.Split(';')[0]) + 100, Number(text.Split(';')[1]))));
        Assert.Equal(new Point(101, 2), Copy(new Point(1, 2), rules));
        Assert.Equal(new Point(101, 2), Copy<object>(new Point(1, 2), rules));
        Assert.Equal(new Point(101, 2), Copy(new[] { new Point(1, 2) }, rules)[0]);
        Assert.Equal(new Point(101, 2), Copy<Point?>(new Point(1, 2), rules));
        Assert.Equal(new Point(101, 2), Copy(new WithPoint { At = new Point(1, 2) }, rules).At);
        Assert.Equal(new Point(1, 2), Crossing.Copy(new Point(1, 2)));
    }

    [Fact]
    public void Structs_of_the_framework_can_have_rules()
    {
        var rules = Rules(Rule<Guid, string>(static guid => guid.ToString(), static text => Guid.Empty), Rule<DateTime, long>(static time => time.Ticks, static ticks => new DateTime(ticks + 1)));
        Assert.Equal([Guid.Empty, Guid.Empty], Copy(new[] { Guid.NewGuid(), Guid.NewGuid() }, rules));
        Assert.Equal([Guid.Empty], Copy(new List<Guid> { Guid.NewGuid() }, rules));
        Assert.Equal(new DateTime(8), Copy(new DateTime(7), rules));
    }

    [Fact]
    public void Rule_that_throws_refuses_the_call()
    {
        var refusal = Refused(new Holder { Value = new Cat("Tom") }, Rules(Rule<Cat, string>(static _ => throw new InvalidOperationException("asleep"), static name => new Cat(name))));
        Assert.Equal("arg.Value", refusal.Path);
        Assert.Contains("InvalidOperationException: asleep", refusal.Message);
    }

    [Fact]
    public void Nothing_may_be_made_of_a_surrogate()
    {
        var rules = Rules(Rule<Cat, int>(static _ => 1, static _ => null!));
        Assert.Equal(new Cat?[] { null, null }, Copy(new Cat[] { new("a"), new("b") }, rules));
    }

    [Fact]
    public void What_cannot_cross_crosses_by_its_rule()
    {
        var rules = Rules(Rule<Stream, byte[]>(static _ => [1, 2], static bytes => new MemoryStream(bytes)));
        Assert.Equal(2, Copy(Stream.Null, rules).Length);
    }

    [Fact]
    public void What_crosses_live_has_no_rule()
    {
        var rules = Rules(Rule<Loud, int>(static _ => 1, static _ => new Loud()));
        var live = new LiveTable { Rules = rules };
        Assert.NotNull(Crossing.Copy<IProgress<int>>(new Loud(), live));
        Assert.Single(live.Progress);
    }

    [Fact]
    public void Rules_travel_as_references_to_their_functions()
    {
        var rules = Rules(Rule<Handle, int>(static handle => handle.Number, static number => new Handle(number + 1)));
        var there = SurrogateRules.Decode(rules.Encode(), Trust.Full)!;
        Assert.Equal(8, Decode<Handle>(Encode(new Handle(7), rules), there).Number);
        Assert.Null(SurrogateRules.Decode(default, Trust.Full));
    }

    [Fact]
    public void Options_check_what_a_rule_is_for()
    {
        var options = new ProcessPoolOptions();
        var captured = 5;
        Assert.Throws<ArgumentNullException>(() => options.WithSurrogate<Cat, string>(null!, static name => new Cat(name)));
        Assert.Throws<ArgumentNullException>(() => options.WithSurrogate<Cat, string>(static cat => cat.Name, null!));
        Assert.Throws<ArgumentException>(() => options.WithSurrogate<Cat, int>(cat => captured, static _ => new Cat("")));
        Assert.Throws<ArgumentException>(() => options.WithSurrogate<Cat, int>(static cat => 1, _ => new Cat(captured.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Throws<IDisposable>();
        Throws<int>();
        Throws<string>();
        Throws<object>();
        Throws<ValueType>();
        Throws<Enum>();
        Throws<Array>();
        Throws<Delegate>();
        Throws<Action>();
        Throws<CancellationToken>();
        Throws<Progress<int>>();
        Throws<SharedLock>();
        Throws<IProgress<int>>();
        Assert.Throws<ArgumentException>(() => options.WithSurrogate<Animal, Cat>(static animal => new Cat(animal.Name), static cat => cat));
        Assert.Throws<ArgumentException>(() => options.WithSurrogate<Cat, Cat>(static cat => cat, static cat => cat));

        void Throws<T>() => Assert.Throws<ArgumentException>(() => options.WithSurrogate<T, byte[]>(static _ => [], static _ => default!));
    }

    [Fact]
    public void Second_rule_for_a_type_replaces_the_first_and_options_stay_as_they_were()
    {
        var first = new ProcessPoolOptions().WithSurrogate<Cat, string>(static cat => cat.Name, static name => new Cat(name));
        var second = first.WithSurrogate<Cat, string>(static cat => cat.Name, static _ => new Cat("second")).WithSurrogate<Dog, string>(static dog => dog.Name, static name => new Dog(name));
        Assert.Single(first.Surrogates);
        Assert.Equal(2, second.Surrogates.Count);
        Assert.Equal("second", Copy(new Cat("Tom"), new SurrogateRules([.. second.Surrogates])).Name);
        Assert.Equal("Tom", Copy(new Cat("Tom"), new SurrogateRules([.. first.Surrogates])).Name);
    }

    [Fact]
    public void Rules_that_are_no_pairs_of_functions_are_refused()
    {
        foreach (var functions in new Delegate?[][] { [null, null], [(Func<int, int>)Math.Abs, null], [(Func<int, int>)Math.Abs] })
        {
            var bytes = Crossing.Encode(functions);

            Assert.Throws<BoundaryFormatException>(() => SurrogateRules.Decode(bytes, Trust.Full));
        }
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static SurrogateRule Rule<T, TSurrogate>(Func<T, TSurrogate> take, Func<TSurrogate, T> make) => new SurrogateRule<T, TSurrogate>(take, make);

    private static SurrogateRules Rules(params SurrogateRule[] rules) => new([.. rules]);

    private static byte[] Encode<T>(T value, SurrogateRules rules) => Crossing.Encode(value, new LiveTable { Rules = rules });

    private static T Decode<T>(byte[] bytes, SurrogateRules rules) => Crossing.Decode<T>(bytes, new LiveTable { Rules = rules });

    private static T Copy<T>(T value, SurrogateRules rules) => Decode<T>(Encode(value, rules), rules);

    private static BoundaryException Refused<T>(T value, SurrogateRules rules) => Assert.Throws<BoundaryException>(() => Encode(value, rules));

    private sealed class Handle(int number)
    {
        public int Number { get; } = number;
    }

    private abstract class Animal(string name)
    {
        public string Name { get; } = name;
    }

    private class Dog(string name) : Animal(name);

    private sealed class Puppy(string name) : Dog(name);

    private sealed class Cat(string name) : Animal(name);

    private sealed class Holder
    {
        public object? Value { get; set; }
    }

    private sealed class Tree(string name, Tree[] children)
    {
        public string Name { get; } = name;

        public IReadOnlyList<Tree> Children { get; } = children;

        public override string ToString() => $"{Name}({string.Join(",", Children)})";
    }

    private readonly record struct Point(int X, int Y);

    private sealed class WithPoint
    {
        public Point At { get; set; }
    }

    private sealed class Loud : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
