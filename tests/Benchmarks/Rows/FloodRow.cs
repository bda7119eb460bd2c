using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class FloodRow() : Row("flood", "200,000 calls submitted at once and awaited together")
{
    private const int Count = 200_000;
    private const int RpcCount = 50_000;
    private const int PeerCount = 4_000;
    private const string Pool = "MultiProc, ApplyAsync";
    private const string Rpc = "StreamJsonRpc, two connections";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var first = new PlainRpc();
        using var second = new PlainRpc();
        using var peers = new Peerage()
            .Node("workerpool", $"flood workerpool {PeerCount} 0", PerSecond)
            .Node("jest-worker", $"flood jest-worker {PeerCount} 0", PerSecond)
            .Node("tinypool", $"flood tinypool {PeerCount} 0", PerSecond)
            .Python("Python, Pool.apply_async", $"flood {PeerCount}", PerSecond)
            .Python("Python, ProcessPoolExecutor.submit", $"executor {PeerCount}", PerSecond);
        var series = await Contestant.RunAsync(3,
        [
            new Contestant(Pool, () => AllAsync(Count, i => pool.ApplyAsync(Functions.Add, i, 1))),
            new Contestant(Rpc, () => AllAsync(RpcCount, i => (i % 2 == 0 ? first : second).AddAsync(i, 1))),
            .. peers.Contestants,
        ]);
        return new RowResult
        {
            Unit = "calls/s",
            Series = series,
            Claims = [Claim.AtLeast("MultiProc / StreamJsonRpc", Find(series, Pool).Median / Find(series, Rpc).Median, 5)],
            Notes = peers.Notes,
        };
    }

    private static double PerSecond(double seconds) => PeerCount / seconds;

    private static async Task<double> AllAsync(int count, Func<int, Task> call)
    {
        var tasks = new Task[count];
        var elapsed = await TimeAsync(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                tasks[i] = call(i);
            }

            await Task.WhenAll(tasks);
        });
        return count / elapsed.TotalSeconds;
    }
}
