using System.Globalization;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

public sealed class OutputTailTests
{
    private const int MaxCharacters = 8_192;

    [Fact]
    public void Of_ordinary_lines_the_last_are_kept()
    {
        var tail = new OutputTail();

        for (var i = 0; i < 10_000; i++)
        {
            tail.Add($"line {i}");
        }

        var text = tail.ToString();
        Assert.EndsWith("line 9999", text, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, MaxCharacters - 20, MaxCharacters);
    }

    [Theory]
    [InlineData("Stack overflow.")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no")]
    [InlineData("Process terminated. the function gives up")]
    [InlineData("Fatal error. Internal CLR error.")]
    public void Of_a_crash_report_the_first_lines_are_kept_with_what_came_just_before_and_the_last(string report)
    {
        var tail = new OutputTail();
        for (var i = 0; i < 1_000; i++)
        {
            tail.Add($"before {i}");
        }

        tail.Add(report);
        for (var i = 0; i < 1_000; i++)
        {
            tail.Add($"   at Frame{i}()");
        }

        var lines = tail.ToString().Split(Environment.NewLine);
        var begin = Array.IndexOf(lines, report);
        Assert.Equal("before 999", lines[begin - 1]);
        Assert.Equal("   at Frame0()", lines[begin + 1]);
        Assert.Equal("   at Frame999()", lines[^1]);
        var gap = Array.FindIndex(lines, static line => line.Contains("lines left out", StringComparison.Ordinal));
        var leftOut = int.Parse(lines[gap].Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.Equal(1_000, lines.Count(static line => line.StartsWith("   at ", StringComparison.Ordinal)) + leftOut);
        Assert.InRange(lines.Sum(static line => line.Length + 1), 1, MaxCharacters + 100);
    }

    [Fact]
    public void A_later_report_takes_the_place_of_an_earlier_one()
    {
        var tail = new OutputTail();

        tail.Add("Unhandled exception. one");
        tail.Add("   at One()");
        tail.Add("Stack overflow.");
        tail.Add("   at Two()");

        Assert.Equal(["Stack overflow.", "   at Two()"], tail.ToString().Split(Environment.NewLine));
    }
}
