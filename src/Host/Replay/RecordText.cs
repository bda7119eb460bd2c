using System.Globalization;
using System.Text;

namespace MultiProc.Host.Replay;

/// <summary>A record in words.</summary>
internal static class RecordText
{
    public static string Title(RecordedCall call) =>
        call.Function + (call.Item is { } item ? string.Create(CultureInfo.InvariantCulture, $", item {item:N0} of its map") : "");

    public static string Head(RecordedCall call)
    {
        var text = new StringBuilder();
        text.AppendLine(TerminalText.Line(Title(call)));
        text.AppendLine(CultureInfo.InvariantCulture, $"  failed at {call.RecordedAt:yyyy-MM-dd HH:mm:ss} UTC");
        if (call.Timeout is { } limit)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  time limit {limit.TotalMilliseconds:0} ms");
        }

        foreach (var (name, value) in call.Environment)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {TerminalText.Line(name)}: {TerminalText.Line(value)}");
        }

        if (call.ForeignReason is { } reason)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  not a record of yours: {reason}");
        }

        return text.ToString();
    }
}
