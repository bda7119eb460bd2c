using System.Text;

namespace MultiProc.Workers;

/// <summary>Splits a worker's output into lines, in bounded memory however long a line is.</summary>
internal static class OutputLines
{
    private const int MaxLineLength = 65_536;

    /// <summary>Reads the stream to its end. Never fails: a broken stream counts as ended.</summary>
    public static async Task PumpAsync(Stream stream, Action<string> onLine)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[16_384];
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var line = new StringBuilder();
        var afterReturn = false;
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(bytes).ConfigureAwait(false);
                var count = decoder.GetChars(bytes, 0, read, chars, 0, flush: read == 0);
                Cut(chars.AsSpan(0, count), line, ref afterReturn, onLine);
                if (read == 0)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone, and with it the other end of the stream.
        }

        if (line.Length > 0)
        {
            onLine(line.ToString());
        }
    }

    private static void Cut(ReadOnlySpan<char> text, StringBuilder line, ref bool afterReturn, Action<string> onLine)
    {
        while (!text.IsEmpty)
        {
            if (afterReturn && text[0] == '\n')
            {
                text = text[1..];
            }

            afterReturn = false;
            var end = text.IndexOfAny('\n', '\r');
            var part = end < 0 ? text : text[..end];
            while (line.Length + part.Length > MaxLineLength)
            {
                var fits = MaxLineLength - line.Length;
                line.Append(part[..fits]);
                part = part[fits..];
                onLine(line.ToString());
                line.Clear();
            }

            line.Append(part);
            if (end < 0)
            {
                return;
            }

            afterReturn = text[end] == '\r';
            onLine(line.ToString());
            line.Clear();
            text = text[(end + 1)..];
        }
    }
}
