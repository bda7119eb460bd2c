using System.Text.Json;

namespace MultiProc.Host.Run;

/// <summary>The form of a job log: a line that says of which run it is, the names of the columns, and the jobs. Columns are separated by tabs.</summary>
internal static class JobLogFormat
{
    public const string Done = "done";
    public const int ItemColumn = 0;
    public const int ExitColumn = 6;
    public const int OutputColumn = 7;
    public const int Columns = 8;

    private const string Title = "# multiproc run: ";
    private const string ColumnNames = "item\tworker\tpid\tstart\tseconds\ttries\texit\toutput_bytes";

    /// <summary>What a log begins with.</summary>
    public static string Head(RunRequest request, string input) => $"{Run(request, input)}\n{ColumnNames}\n";

    /// <summary>The first line: only the same run may go on with the log.</summary>
    public static string Run(RunRequest request, string input) =>
        Title + JsonSerializer.Serialize(
            new
            {
                assembly = request.AssemblyPath,
                function = request.Function,
                input = request.Format.IsNullTerminated ? input + " (items behind NUL)" : request.Format.IsRaw ? input + " (text)" : input,
                output = request.OutputPath is { } path ? Path.GetFullPath(path) : "-",
            },
            Functions.JsonText.Writing);

    public static bool IsTitle(string line) => line.StartsWith(Title, StringComparison.Ordinal);

    public static bool IsColumnNames(string line) => line == ColumnNames;
}
