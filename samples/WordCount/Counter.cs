using System.Globalization;
using System.Text;

namespace WordCount;

/// <summary>Counts the words of text files.</summary>
public static class Counter
{
    private static readonly Encoding Text = CreateText();

    /// <summary>How many words a file has, exactly as <c>wc -w</c> counts them: pieces between white space that hold a printable character.</summary>
    public static long CountFile(string path)
    {
        using var reader = new StreamReader(path, Text, detectEncodingFromByteOrderMarks: false);
        var words = 0L;
        while (reader.ReadLine() is { } line)
        {
            var inWord = false;
            foreach (var rune in line.EnumerateRunes())
            {
                if (EndsWord(rune))
                {
                    inWord = false;
                }
                else if (!inWord && IsPrintable(rune))
                {
                    inWord = true;
                    words++;
                }
            }
        }

        return words;
    }

    /// <summary>How often each word occurs in a file, in lower case and without punctuation around it.</summary>
    public static Dictionary<string, int> CountEach(string path) =>
        File.ReadLines(path)
            .SelectMany(static line => line.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Select(static word => word.Trim('.', ',', ';', ':', '"', '\'', '(', ')'))
            .Where(static word => word.Length > 0)
            .CountBy(static word => word)
            .ToDictionary();

    /// <summary>Adds the second counts to the first.</summary>
    public static Dictionary<string, int> Add(Dictionary<string, int> first, Dictionary<string, int> second)
    {
        foreach (var (word, count) in second)
        {
            first[word] = first.GetValueOrDefault(word) + count;
        }

        return first;
    }

    // As for wc: bytes that are no text neither belong to a word nor end one (so they become a character that does not), and a mark at the beginning is text.
    private static Encoding CreateText()
    {
        var text = (Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).Clone();
        text.DecoderFallback = new DecoderReplacementFallback("\u0001");
        return text;
    }

    private static bool EndsWord(Rune rune) =>
        rune.Value is ' ' or (>= '\t' and <= '\r') or 0x2060 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator;

    private static bool IsPrintable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
