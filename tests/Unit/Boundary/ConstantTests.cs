using System.Text;

namespace MultiProc.Unit.Boundary;

/// <summary>Enumerations that are written as classes: their objects are told apart by identity, and each process has its own.</summary>
public sealed class ConstantTests
{
    [Fact]
    public void Constant_arrives_as_the_one_that_is_there()
    {
        Assert.Same(Colour.Red, Crossing.Copy(Colour.Red));
        Assert.Same(Colour.Blue, Crossing.Copy<object>(Colour.Blue));
        Assert.Same(Shape.Circle, Crossing.Copy(Shape.Circle));
        Assert.Same(Current.Last, Crossing.Copy(Current.Last));
        Assert.Same(Nothing.Value, Crossing.Copy(Nothing.Value));
        Assert.Same(Colour.Red, Crossing.FromWorker(Colour.Red));
        var copy = Crossing.Copy(new object[] { Colour.Red, Colour.Blue, Colour.Red });
        Assert.Equal([Colour.Red, Colour.Blue, Colour.Red], copy);
        Assert.True(Crossing.Copy(new Dictionary<Colour, int> { [Colour.Red] = 1 }).ContainsKey(Colour.Red));
    }

    [Fact]
    public void What_is_none_of_the_constants_is_copied()
    {
        var copy = Crossing.Copy(Colour.Mix("violet"));
        Assert.NotSame(Colour.Red, copy);
        Assert.Equal("violet", copy.Name);

        // One that holds the same is still another one.
        Assert.NotSame(Colour.Red, Crossing.Copy(Colour.Mix("red")));
    }

    [Fact]
    public void Constant_that_holds_something_else_in_the_other_process_is_copied()
    {
        var bytes = Crossing.Encode(Colour.Red);
        var text = bytes.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes("red"));
        bytes[text] = (byte)'n';
        Assert.Equal("ned", Crossing.Decode<Colour>(bytes).Name);
    }

    [Fact]
    public void What_anybody_can_make_or_what_changes_is_copied()
    {
        Assert.NotSame(Anybody.First, Crossing.Copy(Anybody.First));
        Assert.NotSame(Counter.Only, Crossing.Copy(Counter.Only));
    }

    private sealed class Colour
    {
        public static readonly Colour Red = new("red");

        private Colour(string name) => Name = name;

        public static Colour Blue { get; } = new("blue");

        public string Name { get; }

        public static Colour Mix(string name) => new(name);
    }

    private abstract class Shape
    {
        public static readonly Shape Circle = new Round();

        private Shape()
        {
        }

        private sealed class Round : Shape
        {
            internal Round()
            {
            }
        }
    }

    private sealed class Current
    {
        private readonly int _number;

        private Current(int number) => _number = number;

        public static Current Last { get; set; } = new(1);

        public override string ToString() => $"{_number}";
    }

    private sealed class Nothing
    {
        public static readonly Nothing Value = new();

        private Nothing()
        {
        }
    }

    private sealed class Anybody
    {
        public static readonly Anybody First = new();

        public string Name { get; init; } = "first";
    }

    private sealed class Counter
    {
        public static readonly Counter Only = new();

        private Counter()
        {
        }

        public int Count { get; set; }
    }
}
