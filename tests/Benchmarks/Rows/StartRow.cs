using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class StartRow() : Row("start", "Two workers started, and the first answer")
{
    private const string Pool = "MultiProc";
    private const string Python = "Python, Pool, spawn";

    public override async Task<RowResult> MeasureAsync()
    {
        using var peers = new Peerage()
            .Python(Python, "start", static seconds => seconds * 1e3)
            .Node("workerpool", "start workerpool", static seconds => seconds * 1e3)
            .Node("jest-worker", "start jest-worker", static seconds => seconds * 1e3)
            .Node("tinypool", "start tinypool", static seconds => seconds * 1e3);
        var series = await Contestant.RunAsync(7, [new Contestant(Pool, StartedAsync), .. peers.Contestants]);
        return new RowResult
        {
            Unit = "ms",
            Series = series,
            Claims = peers.Notes.Length > 0 && !series.Any(static one => one.Name == Python) ? []
                : [Claim.AtMost("MultiProc / Python's spawn", Find(series, Pool).Median / Find(series, Python).Median, 1.5)],
            Notes = peers.Notes,
        };
    }

    private static async Task<double> StartedAsync()
    {
        ProcessPool? pool = null;
        var elapsed = await TimeAsync(async () =>
        {
            pool = await ProcessPool.StartAsync(2);
            await pool.ApplyAsync(Functions.Add, 1, 2);
        });
        await pool!.DisposeAsync();
        return elapsed.TotalMilliseconds;
    }
}
