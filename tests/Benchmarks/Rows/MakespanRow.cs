using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class MakespanRow() : Row("makespan", "One call of 500 ms among 150 of 4 ms")
{
    // Two workers: the long one beside 125 short ones, or rather both with half of it all.
    private const double Ideal = ((150 * 4) + 500) / 2.0;
    private const int Place = 20;

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var items = Enumerable.Range(0, 151).Select(static i => i == Place ? 500_000.0 : 4_000.0).ToArray();
        var series = await Contestant.RunAsync(5,
        [
            new Contestant("MultiProc, ApplyAsync", async () => (await TimeAsync(() =>
                Task.WhenAll(items.Select(item => pool.ApplyAsync(Functions.Spin, item)).ToArray()))).TotalMilliseconds),
            new Contestant("MultiProc, MapAsync", async () => (await TimeAsync(() => pool.MapAsync(Functions.Spin, items))).TotalMilliseconds),
        ]);
        return new RowResult
        {
            Unit = "ms",
            Series = series,
            Claims = [.. series.Select(static one => Claim.AtMost($"{one.Name} / ideal ({Ideal} ms)", one.Median / Ideal, 1.1))],
        };
    }
}
