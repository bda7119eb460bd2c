using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class SingleItemsRow() : Row("items", "Items that travel alone: MapAsync with ChunkSize = 1, and MapStreamAsync")
{
    private const int Count = 60_000;
    private const int PeerCount = 10_000;
    private const string Map = "MultiProc, MapAsync, ChunkSize = 1";
    private const string Stream = "MultiProc, MapStreamAsync";
    private const string PythonMap = "Python, Pool.map, chunksize=1";
    private const string PythonStream = "Python, Pool.imap";

    private static readonly MapOptions Single = new() { ChunkSize = 1 };

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var peers = new Peerage()
            .Python(PythonMap, $"map1 {PeerCount}", static seconds => PeerCount / seconds)
            .Python(PythonStream, $"imap {PeerCount}", static seconds => PeerCount / seconds);
        var source = Enumerable.Range(0, Count).ToArray();
        var series = await Contestant.RunAsync(5,
        [
            new Contestant(Map, async () => Count / (await TimeAsync(() => pool.MapAsync(Functions.Increment, source, Single))).TotalSeconds),
            new Contestant(Stream, async () => Count / (await TimeAsync(() => StreamAsync(pool, source, null))).TotalSeconds),
            new Contestant(Stream + ", ChunkSize = 1", async () => Count / (await TimeAsync(() => StreamAsync(pool, source, Single))).TotalSeconds),
            .. peers.Contestants,
        ]);
        return new RowResult
        {
            Unit = "items/s",
            Series = series,
            Claims = peers.Contestants.Count == 0 ? []
                :
                [
                    Claim.AtLeast("MapAsync with ChunkSize = 1 / Python's", Find(series, Map).Median / Find(series, PythonMap).Median, 10),
                    Claim.AtLeast("MapStreamAsync / Python's imap", Find(series, Stream).Median / Find(series, PythonStream).Median, 10),
                ],
            Notes = peers.Notes,
        };
    }

    private static async Task StreamAsync(ProcessPool pool, int[] source, MapOptions? options)
    {
        await foreach (var _ in pool.MapStreamAsync(Functions.Increment, source, options))
        {
        }
    }
}
