using System.Buffers;
using System.Globalization;
using System.Text;

namespace MultiProc;

/// <summary>
/// Makes text that comes from a worker, a recorded call or another pool safe to print: none of it can move the cursor, rename the window, write over another line or
/// turn the direction of what stands beside it. Pure functions; safe to use from any number of threads.
/// </summary>
/// <remarks>A text without anything to replace is returned as it is, and costs one look at each character.</remarks>
public static class TerminalText
{
    private const char Escape = '\x1b';
    private const char Bell = '\a';
    private const char Delete = '\x7f';
    private const char Replacement = '\ufffd';
    private const int ControlPictures = 0x2400;

    private static readonly SearchValues<char> ColorParameters = SearchValues.Create("0123456789;:");

    /// <summary>
    /// The text on one line, for a cell of a table or within a message: line ends and tabs become spaces, control characters their pictures (␛ for ESC), and C1 controls,
    /// controls of the writing direction and halves of characters U+FFFD.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static string Line(string text) => Replaced(text, keepsLines: false, static (letter, result) => result.Append(PictureOf(letter)));

    /// <summary>As <see cref="Line"/>, for a text of several lines, such as a stack trace: line ends and tabs stay.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static string Lines(string text) => Replaced(text, keepsLines: true, static (letter, result) => result.Append(PictureOf(letter)));

    /// <summary>JSON on one line: what <see cref="Line"/> replaces stands there as <c>\u001b</c>, which means the same within a string.</summary>
    /// <param name="json">JSON, or what claims to be.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static string Json(string json) => Replaced(
        json, keepsLines: false, static (letter, result) => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"));

    /// <summary>
    /// A line that a worker has printed, with its colours: of its escape sequences those that choose colours and styles (SGR) stay if they are whole, and all others are
    /// left out, as are control characters but the tab. A sequence that ends on another line is none, so nothing of it has an effect.
    /// </summary>
    /// <param name="line">One line; line ends in it are left out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="line"/> is null.</exception>
    public static string WithColors(string line) => WithoutEscapes(line, keepsColors: true);

    /// <summary>As <see cref="WithColors"/>, without the colours too, and with the rest as <see cref="Line"/> has it.</summary>
    /// <param name="line">One line.</param>
    /// <exception cref="ArgumentNullException"><paramref name="line"/> is null.</exception>
    public static string WithoutColors(string line) => Line(WithoutEscapes(line, keepsColors: false));

    private static string Replaced(string text, bool keepsLines, Action<char, StringBuilder> replace)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? result = null;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            var isPair = char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair || IsSafe(letter, keepsLines))
            {
                result?.Append(text, i, isPair ? 2 : 1);
                i += isPair ? 1 : 0;
                continue;
            }

            result ??= new StringBuilder(text, 0, i, text.Length + 16);
            if (letter is '\n' or '\r' or '\t' or '\u2028' or '\u2029' && !keepsLines)
            {
                result.Append(' ');
            }
            else if (letter != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
            {
                replace(letter, result);
            }
        }

        return result?.ToString() ?? text;
    }

    private static bool IsSafe(char letter, bool keepsLines) => letter switch
    {
        '\n' or '\t' => keepsLines,
        < ' ' or (>= Delete and <= '\x9f') => false,
        < '\u061c' => true,

        // They turn the direction of the text around them, or end a line.
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => false,
        _ => !char.IsSurrogate(letter),
    };

    private static char PictureOf(char letter) => letter switch
    {
        < ' ' => (char)(ControlPictures + letter),
        Delete => '\u2421',
        _ => Replacement,
    };

    private static string WithoutEscapes(string line, bool keepsColors)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!line.AsSpan().ContainsAnyInRange('\0', '\x1f') && !line.AsSpan().ContainsAnyInRange(Delete, '\x9f'))
        {
            return line;
        }

        var result = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length;)
        {
            var letter = line[i];
            if (letter == Escape && i + 1 < line.Length && IsIntroducer(line[i + 1]))
            {
                var end = EndOfSequence(line, i + 2, (char)(line[i + 1] + 0x40));
                if (keepsColors && IsColor(line.AsSpan(i, end - i)))
                {
                    result.Append(line, i, end - i);
                }

                i = end;
            }
            else if (letter == Escape)
            {
                // Such as ESC c, or ESC ( 0.
                for (i++; i < line.Length && line[i] is >= ' ' and <= '/'; i++)
                {
                }

                i += i < line.Length && line[i] is >= '0' and <= '~' ? 1 : 0;
            }
            else if (letter is >= '\x80' and <= '\x9f')
            {
                i = EndOfSequence(line, i + 1, letter);
            }
            else
            {
                if (letter == '\t' || (letter >= ' ' && letter != Delete))
                {
                    result.Append(letter);
                }

                i++;
            }
        }

        return result.ToString();
    }

    // After ESC, each of these is as the C1 control 0x40 above it: DCS, SOS, CSI, OSC, PM and APC.
    private static bool IsIntroducer(char letter) => letter is 'P' or 'X' or '[' or ']' or '^' or '_';

    private static int EndOfSequence(string line, int at, char introducer)
    {
        if (introducer == '\x9b')
        {
            while (at < line.Length && line[at] is >= ' ' and <= '?')
            {
                at++;
            }

            return at < line.Length && line[at] is >= '@' and <= '~' ? at + 1 : at;
        }

        if (introducer is not ('\x90' or '\x98' or '\x9d' or '\x9e' or '\x9f'))
        {
            return at;
        }

        for (; at < line.Length; at++)
        {
            if (line[at] is Bell or '\x9c')
            {
                return at + 1;
            }

            if (line[at] == Escape)
            {
                // ESC \ ends the text; any other escape ends it, too, and is a sequence of its own.
                return at + 1 < line.Length && line[at + 1] == '\\' ? at + 2 : at;
            }
        }

        return at;
    }

    private static bool IsColor(ReadOnlySpan<char> sequence) =>
        sequence is [Escape, '[', .. var parameters, 'm'] && !parameters.ContainsAnyExcept(ColorParameters);
}
