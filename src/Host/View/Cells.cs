using System.Globalization;

namespace MultiProc.Host.View;

/// <summary>Values as tables show them: short, and of an even width.</summary>
internal static class Cells
{
    private const int MaxTextLength = 200;

    /// <summary>A time such as <c>0.4s</c>, <c>12s</c>, <c>3m05s</c> or <c>2h10m</c>.</summary>
    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0.0}s")
        : time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds:00}s")
        : time.TotalDays < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Hours}h{time.Minutes:00}m")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d{time.Hours:00}h");

    /// <summary>Bytes such as <c>55 MB</c>; a dash for none.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        0 => "-",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>1 worker</c> or <c>4 workers</c>.</summary>
    public static string Counted(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    /// <summary>A state in a word.</summary>
    public static string State(WorkerInfo worker) => worker.State switch
    {
        WorkerState.WaitingForDebugger => "waiting for debugger",
        _ => worker.State.ToString().ToLowerInvariant(),
    };

    /// <summary>A text that a pool has given, safe to print and not longer than a cell should be.</summary>
    public static string Text(string text) => TerminalText.Line(text.Length <= MaxTextLength ? text : text[..(MaxTextLength - 1)] + "…");

    /// <summary>The last part of a text that is too long is what tells most: of a function's name, its method.</summary>
    public static string Fit(string text, int width) => text.Length <= width ? text : width <= 1 ? "" : "…" + text[^(width - 1)..];
}
