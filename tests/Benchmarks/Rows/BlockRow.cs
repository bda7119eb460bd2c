using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class BlockRow() : Row("blocks", "16 MB there and back")
{
    private const int Size = 16 << 20;

    // Memory that the system has to find first makes a round trip up to ten times as long. That goes on until the host's collector has run twice, which it does every
    // eight to ten rounds.
    private const int WarmUps = 20;

    private const string Pipe = "plain pipe, blocking";
    private const string Bytes = "MultiProc, byte[]";
    private const string Numbers = "MultiProc, double[]";
    private const string Python = "Python, Pool.apply, bytes";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var pipe = new PlainPipe();
        using var rpc = new PlainRpc();
        using var peers = new Peerage().Python(Python, $"echo 2 {Size}", static seconds => PerSecond(TimeSpan.FromSeconds(seconds / 2)));
        var (block, bytes, numbers) = (new byte[Size], new byte[Size], new double[Size / sizeof(double)]);
        Contestant[] contestants =
        [
            new(Pipe, () => Task.FromResult(PerSecond(Time(() => pipe.Echo(block))))),
            new(Bytes, async () => PerSecond(await TimeAsync(() => pool.ApplyAsync(Functions.Echo, bytes)))),
            new(Numbers, async () => PerSecond(await TimeAsync(() => pool.ApplyAsync(Functions.EchoNumbers, numbers)))),
            new("StreamJsonRpc, byte[]", async () => PerSecond(await TimeAsync(() => rpc.EchoAsync(bytes)))),
            .. peers.Contestants,
        ];
        var series = await Contestant.RunAsync(11, contestants, WarmUps);
        var floor = Find(series, Pipe).Median;
        return new RowResult
        {
            Unit = "MB/s each way",
            Series = series,
            Claims =
            [
                Claim.AtLeast("byte[] / plain pipe", Find(series, Bytes).Median / floor, 0.8),
                Claim.AtLeast("double[] / plain pipe", Find(series, Numbers).Median / floor, 0.8),
                .. peers.Contestants.Count == 0 ? Array.Empty<Claim>()
                    : [Claim.AtLeast("byte[] / Python", Find(series, Bytes).Median / Find(series, Python).Median, 5)],
            ],
            Notes = [$"The first {WarmUps} rounds do not count: until .NET has collected for the second time, each array is of new memory.", .. peers.Notes],
        };
    }

    // There and back is the size twice.
    private static double PerSecond(TimeSpan roundTrip) => 2 * Size / 1e6 / roundTrip.TotalSeconds;
}
