using System.Globalization;

namespace MultiProc.Protocol.Launch;

/// <summary>
/// The worker program's second mode, <c>--stack=PID</c>: it prints where the managed threads of another process are, one block of lines for each, the main
/// thread's first. A block is a heading and lines like those of <see cref="Exception.StackTrace"/>; an empty line follows it.
/// </summary>
internal static class StackListing
{
    private const string Option = "--stack=";

    public static string Argument(int processId) => Option + processId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The process to look into; null when the arguments ask for something else.</summary>
    public static int? ProcessOf(string[] arguments) =>
        arguments is [var only] && only.StartsWith(Option, StringComparison.Ordinal)
        && int.TryParse(only.AsSpan(Option.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    public static string Block(int thread, string name, IEnumerable<string> frames) =>
        $"Thread {thread} \"{name}\"{Environment.NewLine}{string.Concat(frames.Select(static frame => $"   at {frame}{Environment.NewLine}"))}";

    /// <summary>The lines of the first block, without its heading; empty when the listing is not whole.</summary>
    public static string FirstStack(string listing)
    {
        var lines = listing.Split(Environment.NewLine);
        var end = Array.IndexOf(lines, "");
        return end <= 0 || end == lines.Length - 1 ? "" : string.Join(Environment.NewLine, lines[1..end]);
    }
}
