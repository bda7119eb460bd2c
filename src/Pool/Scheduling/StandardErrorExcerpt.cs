namespace MultiProc.Scheduling;

/// <summary>The lines of a lost worker's standard error that belong into a message. <see cref="WorkerLostException.StandardErrorTail"/> has all of them.</summary>
internal static class StandardErrorExcerpt
{
    private const int MaxLines = 5;
    private const int MaxLength = 300;

    // The runtime begins its report of a crash with these. The rest may be long, and the most important part is here.
    private static readonly string[] Reports = ["Unhandled exception", "Stack overflow", "Process terminated", "Fatal error", "Out of memory"];

    /// <summary>The text to append to a message, on lines of its own; empty if there is none.</summary>
    public static string Of(string standardError)
    {
        var lines = standardError.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0).ToList();
        if (lines.Count == 0)
        {
            return "";
        }

        var report = lines.FindLastIndex(static line => Reports.Any(start => line.StartsWith(start, StringComparison.OrdinalIgnoreCase)));
        var first = report >= 0 ? report : Math.Max(0, lines.Count - MaxLines);
        var shown = lines.Skip(first).Take(MaxLines).Select(static line => line.Length <= MaxLength ? line : line[..MaxLength] + "...").ToList();
        var more = lines.Count > shown.Count ? $" ({lines.Count - shown.Count} more lines are in {nameof(WorkerLostException.StandardErrorTail)})" : "";
        return $"{Environment.NewLine}It wrote to standard error{more}:{Environment.NewLine}{string.Join(Environment.NewLine, shown)}";
    }
}
