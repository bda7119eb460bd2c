using System.Text;
using MultiProc.Host.View;

namespace MultiProc.Host.Pools;

/// <summary>All pools with their workers, as lines of text.</summary>
internal static class PoolListing
{
    private static readonly string[] Head = ["POOL", "PID", "UP", "WORKERS", "BUSY", "QUEUED", "DONE", "FAILED", "PROGRAM"];

    public static string Of(IReadOnlyList<PoolInfo> pools, DateTimeOffset now)
    {
        if (pools.Count == 0)
        {
            return "No pool is running.\n";
        }

        var rows = new List<string[]> { Head };
        rows.AddRange(pools.Select(pool => pool.IsResponding
            ? (string[])[
                Cells.Text(pool.Name), $"{pool.ProcessId}", Cells.Time(now - pool.Started), Cells.Count(pool.Workers.Count), Cells.Count(pool.Statistics.Busy),
                Cells.Count(pool.Statistics.Queued), Cells.Count(pool.Statistics.Completed), Cells.Count(pool.Statistics.Failed),
                Cells.Text(Path.GetFileName(pool.Program)) + (pool.IsServed ? "  (served)" : "") + (pool.IsOpen ? "" : "  (ending)")]
            : ["?", $"{pool.ProcessId}", "-", "-", "-", "-", "-", "-", pool.Refusal is { } refusal ? TerminalText.Line(refusal) : "does not answer"]));
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            text.AppendJoin("  ", rows[i].Select((cell, column) => column is 0 or 8 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
            TrimEnd(text).Append('\n');
            foreach (var worker in i == 0 ? [] : pools[i - 1].Workers)
            {
                text.Append("  ").Append(OfWorker(worker)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A worker on one line.</summary>
    public static string OfWorker(WorkerInfo worker) =>
        $"{Cells.Text(worker.Name),-4} {worker.ProcessId,7}  {Cells.State(worker),-8}  {Cells.Count(worker.CallsCompleted)} done  {Cells.Bytes(worker.WorkingSetBytes)}"
        + (worker.CurrentCall is { } call ? $"  in {Cells.Text(call)} for {Cells.Time(worker.CurrentCallElapsed ?? default)}" : "")
        + (worker.Restarts > 0 ? $"  {Cells.Counted(worker.Restarts, "restart")}" : "")
        + (worker.DebuggerAttached ? "  debugger attached" : "");

    private static StringBuilder TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        return text;
    }
}
