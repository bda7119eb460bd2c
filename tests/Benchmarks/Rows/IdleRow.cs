using System.Globalization;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class IdleRow() : Row("idle", "Memory of a worker that has answered a call and idles")
{
    private const string Pool = "MultiProc";

    public override async Task<RowResult> MeasureAsync()
    {
        if (!Memory.CanMeasure)
        {
            return new RowResult { Unit = "MB PSS", Notes = ["Not measured: only Linux accounts for shared memory this way."] };
        }

        using var peers = new Peerage();
        await using var pool = await ProcessPool.StartAsync(2);
        await pool.BroadcastAsync(static () => Functions.Add(1, 2));
        await Task.Delay(TimeSpan.FromSeconds(2));
        var python = await peers.AskPythonAsync("processes");
        return new RowResult
        {
            Unit = "MB PSS",
            Series =
            [
                new Series(Pool, [.. pool.Workers.Select(static worker => Memory.ProportionalMegabytes(worker.ProcessId))]),
                .. python is null ? Array.Empty<Series>()
                    : [new Series("Python, Pool, fork", [.. python.Split(' ').Select(static id => Memory.ProportionalMegabytes(int.Parse(id, CultureInfo.InvariantCulture)))])],
            ],
            Claims = [Claim.AtMost("an idle worker", pool.Workers.Average(static worker => Memory.ProportionalMegabytes(worker.ProcessId)), 30, "MB")],
            Notes = [.. peers.Notes, "What the host and its two workers share is divided among them."],
        };
    }
}
