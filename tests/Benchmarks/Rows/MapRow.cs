using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class MapRow() : Row("map", "MapAsync over 2 million ints, chunks chosen automatically")
{
    private const int Count = 2_000_000;

    // Meanwhile .NET finds out what is called often, and compiles it again.
    private const int WarmUps = 4;
    private const string Pool = "MultiProc, MapAsync";
    private const string Python = "Python, Pool.map";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var peers = new Peerage().Python(Python, $"map {Count}", static seconds => Count / seconds);
        var source = Enumerable.Range(0, Count).ToArray();
        var series = await Contestant.RunAsync(11,
        [
            new Contestant(Pool, async () => Count / (await TimeAsync(() => pool.MapAsync(Functions.Increment, source))).TotalSeconds),
            new Contestant("Parallel.ForEachAsync, in this process", async () => Count / (await TimeAsync(() => ParallelAsync(source))).TotalSeconds),
            .. peers.Contestants,
        ], WarmUps);
        return new RowResult
        {
            Unit = "items/s",
            Series = series,
            Claims = peers.Contestants.Count == 0 ? []
                : [Claim.AtLeast("MultiProc / Python", Find(series, Pool).Median / Find(series, Python).Median, 3)],
            Notes = [$"The first {WarmUps} rounds do not count: .NET compiles what is called often again meanwhile.", .. peers.Notes],
        };
    }

    private static async Task ParallelAsync(int[] source)
    {
        var results = new int[source.Length];
        await Parallel.ForEachAsync(source, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (item, _) =>
        {
            results[item] = Functions.Increment(item);
            return default;
        });
    }
}
