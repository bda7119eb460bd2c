using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class CallRow() : Row("call", "One small call at a time")
{
    private const int Count = 4_000;
    private const int PeerCount = 1_000;
    private const string Pipe = "plain pipe, 32 bytes, blocking";
    private const string Blocking = "MultiProc, Apply";
    private const string Awaited = "MultiProc, await ApplyAsync";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var pipe = new PlainPipe();
        using var rpc = new PlainRpc();
        using var peers = new Peerage()
            .Node("workerpool", $"apply workerpool {PeerCount} 0", PerCall)
            .Node("jest-worker", $"apply jest-worker {PeerCount} 0", PerCall)
            .Node("tinypool", $"apply tinypool {PeerCount} 0", PerCall)
            .Python("Python, Pool.apply", $"apply {PeerCount}", PerCall);
        var block = new byte[32];
        var series = await Contestant.RunAsync(5,
        [
            new Contestant(Pipe, () => Task.FromResult(Each(() => pipe.Echo(block)))),
            new Contestant(Blocking, () => Task.FromResult(Each(() => pool.Apply(Functions.Add, 1, 2)))),
            new Contestant(Awaited, () => EachAsync(() => pool.ApplyAsync(Functions.Add, 1, 2))),
            new Contestant("StreamJsonRpc", () => EachAsync(() => rpc.AddAsync(1, 2))),
            .. peers.Contestants,
        ]);
        var floor = Find(series, Pipe).Median;
        return new RowResult
        {
            Unit = "µs per call",
            Series = series,
            Claims =
            [
                Claim.AtMost("Apply / plain pipe", Find(series, Blocking).Median / floor, 3.5),
                Claim.AtMost("await ApplyAsync / plain pipe", Find(series, Awaited).Median / floor, 3.5),
            ],
            Notes = peers.Notes,
        };
    }

    private static double PerCall(double seconds) => seconds * 1e6 / PeerCount;

    private static double Each(Action call) => Time(() =>
    {
        for (var i = 0; i < Count; i++)
        {
            call();
        }
    }).TotalMicroseconds / Count;

    private static async Task<double> EachAsync(Func<Task> call) => (await TimeAsync(async () =>
    {
        for (var i = 0; i < Count; i++)
        {
            await call();
        }
    })).TotalMicroseconds / Count;
}
