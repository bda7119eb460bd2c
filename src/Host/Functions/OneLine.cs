namespace MultiProc.Host.Functions;

/// <summary>Text of several lines on one, safe to print.</summary>
internal static class OneLine
{
    private static readonly char[] LineEnds = ['\r', '\n'];

    public static string Of(string text) =>
        TerminalText.Line(string.Join(' ', text.Split(LineEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
