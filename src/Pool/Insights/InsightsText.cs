using System.Globalization;
using System.Text;

namespace MultiProc.Insights;

/// <summary>Insights as a table for people.</summary>
internal static class InsightsText
{
    public static string Of(PoolInsights insights)
    {
        var text = new StringBuilder();
        text.AppendLine("worker    calls     start      init      wait      work  work share");
        foreach (var worker in insights.Workers)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{worker.Name,-6} {worker.Calls,8} {Seconds(worker.Starting)} {Seconds(worker.Initializing)} {Seconds(worker.Waiting)} {Seconds(worker.Working)} {worker.WorkShare,11:P1}");
        }

        if (insights.SlowestCalls.Count > 0)
        {
            text.AppendLine().AppendLine("slowest calls");
        }

        foreach (var call in insights.SlowestCalls)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Seconds(call.Duration)}  {call.Worker}  {call.Function}{(call.Arguments.Length == 0 ? "" : $" ({call.Arguments})")}");
        }

        return text.ToString();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(7) + " s";
}
