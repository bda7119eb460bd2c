namespace MultiProc.Unit.Text;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain, späß, 日本, 👩‍👧", "plain, späß, 日本, 👩‍👧")]
    [InlineData("a\u001b[31mb", "a␛[31mb")]
    [InlineData("a\nb\r\nc\td", "a b  c d")]
    [InlineData("a\u0000\u0007\u007f", "a␀␇␡")]
    [InlineData("\u009b31m\u0090", "\ufffd31m\ufffd")]
    [InlineData("a\u202eb\u2066c\u200f\u061c", "a\ufffdb\ufffdc\ufffd\ufffd")]
    [InlineData("a\u2028b", "a b")]
    public void A_line_has_nothing_that_a_terminal_obeys(string text, string expected) => Assert.Equal(expected, TerminalText.Line(text));

    // Not as data of a theory: an attribute cannot hold halves of characters.
    [Fact]
    public void Half_a_character_is_replaced_and_a_whole_one_stays() => Assert.Equal("\ufffd\ud83d\ude00\ufffd", TerminalText.Line("\ude00\ud83d\ude00\ud83d"));

    [Fact]
    public void A_text_that_is_safe_is_the_same_object()
    {
        var text = string.Concat("sa", "fe");

        Assert.Same(text, TerminalText.Line(text));
        Assert.Same(text, TerminalText.WithColors(text));
    }

    [Theory]
    [InlineData("a\n\tb\r\nc", "a\n\tb\nc")]
    [InlineData("a\rb\u001b", "a␍b␛")]
    public void Lines_keep_their_ends(string text, string expected) => Assert.Equal(expected, TerminalText.Lines(text));

    [Fact]
    public void Json_keeps_its_meaning() =>
        Assert.Equal("{\"a\": \"\\u202ex\\u009b\"} ", TerminalText.Json("{\"a\":\n\"\u202ex\u009b\"}\n".Replace("\n\"", " \"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\u001b[1;38:5:1mred\u001b[m", "\u001b[1;38:5:1mred\u001b[m")]
    [InlineData("\u001b[2Ja\u001b[1;1Hb\u001b[?25lc", "abc")]
    [InlineData("\u001b[>4;1mx\u001b[?1mx\u001b[ mx", "xxx")]
    [InlineData("\u001b]0;t\u0007a\u001b]8;;http://x\u001b\\b\u001b]0;open", "ab")]
    [InlineData("\u001bPdcs\u001b\\a\u001b_apc\u001b\\b\u001b^pm\u009cc\u001bXsos\u001b\\d", "abcd")]
    [InlineData("\u009b31mx\u009d0;t\u0007y\u0085z", "xyz")]
    [InlineData("\u001bca\u001b(0b\u001b#8c\u001b7d", "abcd")]
    [InlineData("\u001b\u001b[31mx", "\u001b[31mx")]
    [InlineData("\u001b[31\u001b]0;t\u0007mx", "mx")]
    [InlineData("\u001b[31", "")]
    [InlineData("\u001b", "")]
    [InlineData("\u001b]0;\u001b[31mx", "\u001b[31mx")]
    [InlineData("a\b\r\u007f\tb", "a\tb")]
    public void Of_what_workers_print_colours_stay_and_no_other_escapes(string line, string expected)
    {
        Assert.Equal(expected, TerminalText.WithColors(line));
        Assert.DoesNotContain('\u001b', TerminalText.WithoutColors(line));
    }

    [Fact]
    public void Whatever_comes_only_whole_colours_are_left()
    {
        var random = new Random(1);
        const string Letters = "\u001b\u001b[]0;m31PX^_\\\u0007\u009b\u009d\u009c aJ(?\u202e\n";
        for (var round = 0; round < 100_000; round++)
        {
            var line = string.Create(random.Next(30), random, static (text, random) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = Letters[random.Next(Letters.Length)];
                }
            });

            var rest = System.Text.RegularExpressions.Regex.Replace(TerminalText.WithColors(line), "\u001b\\[[0-9;:]*m", "");
            Assert.DoesNotMatch("[\u0000-\u0008\u000a-\u001f\u007f-\u009f]", rest);
            Assert.DoesNotMatch("[\u0000-\u001f\u007f-\u009f\u202e]", TerminalText.WithoutColors(line));
            Assert.DoesNotMatch("[\u0000-\u001f\u007f-\u009f\u202e]", TerminalText.Line(line));
        }
    }
}
