using System.Text;
using MultiProc.Benchmarks.Rows;

namespace MultiProc.Benchmarks.Report;

/// <summary>Writes <c>docs/performance.md</c> and its plots from what has been measured.</summary>
internal static class PerformancePage
{
    private const string Head =
        """
        # How fast it is

        Written by `./build.sh bench [ROW...]`, which measures each row below - all contestants in turns, in the same run, on the same machine - and writes this page from the numbers
        in [performance/](performance). Absolute times say as much about the machine as about the program; the ratios are what counts. A goal that was not reached stays here with its number;
        what was tried for it, and what helped, is in [performance/tried.md](performance/tried.md).


        """;

    public static void Write()
    {
        var measured = AllRows.List.Select(static row => (Row: row, Result: Results.Load(row))).Where(static pair => pair.Result is not null)
            .Select(static pair => (pair.Row, Result: pair.Result!)).ToArray();
        var text = new StringBuilder(Head);
        ResultText.Write(text, ResultText.Goals(measured));
        foreach (var (row, result) in measured)
        {
            text.AppendLine($"<a id=\"{row.Name}\"></a>").AppendLine().AppendLine($"## {row.Title}").AppendLine();
            text.Append(ResultText.Of(result));
            if (result.Plot is { } plot)
            {
                Plots.Save(plot, Path.Combine(Results.Folder, row.Name + ".svg"));
                text.AppendLine($"![{plot.Title}](performance/{row.Name}.svg)").AppendLine();
            }

            text.AppendLine($"<sub>`./build.sh bench {row.Name}`; {result.Machine}</sub>").AppendLine();
        }

        File.WriteAllText(Path.Combine(Repository.Root, "docs", "performance.md"), text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n");
    }
}
