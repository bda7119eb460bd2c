using System.Text;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Report;

/// <summary>A row's result as Markdown, for the page and for the terminal.</summary>
internal static class ResultText
{
    public static string Of(RowResult result)
    {
        var text = new StringBuilder();
        if (result.Series.Length > 0)
        {
            var own = result.Series.FirstOrDefault(static one => one.Name.StartsWith("MultiProc", StringComparison.Ordinal)) ?? result.Series[0];
            Write(text, new Table(
                ["", $"median, {result.Unit}", "quartiles", $"beside {own.Name}"],
                [.. result.Series.Select(one => new[]
                {
                    one.Name, Numbers.Text(one.Median), $"{Numbers.Text(one.Low)} - {Numbers.Text(one.High)}", $"{Numbers.Text(one.Median / own.Median)} x",
                })]));
        }

        if (result.Table is { } table)
        {
            text.AppendLine($"In {result.Unit}:").AppendLine();
            Write(text, table);
        }

        foreach (var note in result.Notes)
        {
            text.AppendLine(note).AppendLine();
        }

        return text.ToString();
    }

    public static void Write(StringBuilder text, Table table)
    {
        text.AppendLine($"| {string.Join(" | ", table.Head)} |");
        text.AppendLine($"|{string.Concat(table.Head.Select(static (_, i) => i == 0 ? " --- |" : " ---: |"))}");
        foreach (var line in table.Lines)
        {
            text.AppendLine($"| {string.Join(" | ", line)} |");
        }

        text.AppendLine();
    }

    /// <summary>Goals and what was reached.</summary>
    public static Table Goals(IEnumerable<(Row Row, RowResult Result)> results) => new(
        ["", "goal", "measured", "reached"],
        [.. results.SelectMany(static pair => pair.Result.Claims.Select((claim, i) => new[]
        {
            $"[{pair.Row.Name}](#{pair.Row.Name}): {claim.Text}",
            $"{(claim.IsAtMost ? "at most" : "at least")} {Numbers.Text(claim.Limit)} {claim.Unit}",
            $"{Numbers.Text(claim.Value)} {claim.Unit}",
            claim.IsReached ? "yes" : "**no**",
        }))]);
}
