using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class PayloadRow() : Row("payload", "Cost over the argument's size, there and back")
{
    private static readonly int[] Sizes = [16, 256, 4_096, 65_536, 1 << 20, 16 << 20];

    // As in the row of the blocks.
    private const int WarmUps = 20;

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var pipe = new PlainPipe();
        using var rpc = new PlainRpc();
        var notes = Array.Empty<string>();
        var curves = new Dictionary<string, List<double>>();
        foreach (var size in Sizes)
        {
            var count = Math.Clamp((16 << 20) / size, 1, 500);
            using var peers = new Peerage().Python("Python, Pool.apply", $"echo {count} {size}", seconds => seconds * 1e6 / count);
            notes = peers.Notes;
            var (raw, block) = (new byte[size + 4], new byte[size]);
            foreach (var one in await Contestant.RunAsync(5,
            [
                new Contestant("plain pipe", () => EachAsync(count, () =>
                {
                    pipe.Echo(raw);
                    return Task.CompletedTask;
                })),
                new Contestant("MultiProc", () => EachAsync(count, () => pool.ApplyAsync(Functions.Echo, block))),
                new Contestant("StreamJsonRpc", () => EachAsync(count, () => rpc.EchoAsync(block))),
                .. peers.Contestants,
            ], WarmUps))
            {
                if (!curves.TryGetValue(one.Name, out var values))
                {
                    curves.Add(one.Name, values = []);
                }

                values.Add(one.Median);
            }
        }

        return new RowResult
        {
            Unit = "µs",
            Table = new Table(["", .. Sizes.Select(static size => $"{size:N0} B")], [.. curves.Select(static curve => new[] { curve.Key }.Concat(curve.Value.Select(static value => $"{value:N0}")).ToArray())]),
            Plot = new Plot("Round trip over the argument's size", "bytes", "µs", [.. curves.Select(static curve => new Curve(curve.Key, [.. Sizes], [.. curve.Value]))]),
            Notes = [$"The first {WarmUps} rounds of each size do not count: until .NET has collected for the second time, each large array is of new memory.", .. notes],
        };
    }

    private static async Task<double> EachAsync(int count, Func<Task> call) => (await TimeAsync(async () =>
    {
        for (var i = 0; i < count; i++)
        {
            await call();
        }
    })).TotalMicroseconds / count;
}
