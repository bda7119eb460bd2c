using MultiProc.Protocol.Records;

namespace MultiProc.Unit.Debugging;

public sealed class ValueTextTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { true, "true" },
        { 1.5, "1.5" },
        { -3L, "-3" },
        { "a \"b\"\n", "\"a \\\"b\\\"\\n\"" },
        { DayOfWeek.Friday, "\"Friday\"" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "\"2026-01-02T03:04:05.0000000Z\"" },
        { (1, "x"), "(1, \"x\")" },
        { new List<int?> { 1, null }, "[1, null]" },
        { new Dictionary<string, int> { ["a"] = 1 }, "{\"a\": 1}" },
        { new Uri("http://x/"), "\"http://x/\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_look_much_like_JSON(object? value, string text) => Assert.Equal(text, ValueText.Of(value));

    [Fact]
    public void Objects_show_their_state_by_the_names_that_their_author_gave() =>
        Assert.Equal("MultiProc.Unit.Debugging.ValueTextTests.Derived {\"_hidden\": 1, \"Name\": \"n\", \"Next\": null}", ValueText.Of(new Derived("n")));

    [Fact]
    public void What_refers_back_to_itself_ends()
    {
        var first = new Derived("first");
        first.Next = first;

        Assert.Equal("MultiProc.Unit.Debugging.ValueTextTests.Derived {\"_hidden\": 1, \"Name\": \"first\", \"Next\": (an object that holds this one)}", ValueText.Of(first));
    }

    [Fact]
    public void What_is_long_is_cut_short()
    {
        Assert.EndsWith("99, ...]", ValueText.Of(Enumerable.Range(0, 1_000_000)), StringComparison.Ordinal);
        Assert.EndsWith("... (5000 characters)", ValueText.Of(new string('x', 5_000)), StringComparison.Ordinal);
    }

    private class Base
    {
        private readonly int _hidden = 1;

        public override string ToString() => $"{_hidden}";
    }

    private sealed class Derived(string name) : Base
    {
        public string Name { get; } = name;

        public Derived? Next { get; set; }
    }
}
