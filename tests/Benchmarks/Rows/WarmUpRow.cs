using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class WarmUpRow() : Row("warm-up", "The first 1,000 calls after the start, one at a time")
{
    private const string First = "the first 1,000 calls of new workers";
    private const string Later = "1,000 calls after 5,000";

    public override async Task<RowResult> MeasureAsync()
    {
        // The host is warm, as the host of a long-lived application is: what is new are the workers.
        await using var warm = await ProcessPool.StartAsync(2);
        for (var i = 0; i < 5_000; i++)
        {
            warm.Apply(Functions.Add, i, 1);
        }

        var series = await Contestant.RunAsync(5,
        [
            new Contestant(First, async () =>
            {
                await using var pool = await ProcessPool.StartAsync(2);
                return await ThousandAsync(pool);
            }),
            new Contestant(Later, () => ThousandAsync(warm)),
        ]);
        return new RowResult
        {
            Unit = "ms",
            Series = series,
            Claims = [Claim.AtMost("first 1,000 / later 1,000", Find(series, First).Median / Find(series, Later).Median, 2)],
            Notes = ["The host is warm before; the workers are new."],
        };
    }

    private static async Task<double> ThousandAsync(ProcessPool pool) => (await TimeAsync(async () =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            await pool.ApplyAsync(Functions.Add, i, 1);
        }
    })).TotalMilliseconds;
}
