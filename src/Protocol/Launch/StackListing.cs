using System.Globalization;

namespace MultiProc.Protocol.Launch;

/// <summary>
/// The output of the worker program's second mode, <c>--stack=PID</c>: the stacks of the managed threads of another
/// process, one block of lines for each, the main thread first. A block is a heading and lines like those of
/// <see cref="Exception.StackTrace"/>, followed by an empty line.
/// </summary>
internal static class StackListing
{
    private const string Option = "--stack=";

    public static string Argument(int processId) => Option + processId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The process to inspect; null: the arguments ask for something else.</summary>
    public static int? ProcessOf(string[] arguments) =>
        arguments is [var only] && only.StartsWith(Option, StringComparison.Ordinal)
        && int.TryParse(only.AsSpan(Option.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    public static string Block(int thread, string name, IEnumerable<string> frames) =>
        $"Thread {thread} \"{name}\"{Environment.NewLine}{string.Concat(frames.Select(static frame => $"   at {frame}{Environment.NewLine}"))}";

    /// <summary>The lines of the first block, without its heading; empty: the listing is incomplete.</summary>
    public static string FirstStack(string listing)
    {
        var lines = listing.Split(Environment.NewLine);
        var end = Array.IndexOf(lines, "");
        return end <= 0 || end == lines.Length - 1 ? "" : string.Join(Environment.NewLine, lines[1..end]);
    }
}
