using System.Diagnostics;
using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class LatencyRow() : Row("latency", "Latency of single calls")
{
    private const int Count = 20_000;

    private static readonly double[] Parts = [0.5, 0.9, 0.99, 0.999];

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var pipe = new PlainPipe();
        using var rpc = new PlainRpc();
        var block = new byte[32];
        (string Name, Func<Task> Call)[] contestants =
        [
            ("plain pipe", () =>
            {
                pipe.Echo(block);
                return Task.CompletedTask;
            }),
            ("MultiProc, Apply", () =>
            {
                pool.Apply(Functions.Add, 1, 2);
                return Task.CompletedTask;
            }),
            ("MultiProc, await ApplyAsync", () => pool.ApplyAsync(Functions.Add, 1, 2)),
            ("StreamJsonRpc", () => rpc.AddAsync(1, 2)),
        ];
        var latencies = contestants.Select(static _ => new double[Count]).ToArray();
        for (var i = -Count; i < Count; i++)
        {
            for (var who = 0; who < contestants.Length; who++)
            {
                var begun = Stopwatch.GetTimestamp();
                await contestants[who].Call();
                latencies[who][Math.Max(0, i)] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
            }
        }

        return new RowResult
        {
            Unit = "µs",
            Table = new Table(["", .. Parts.Select(static part => $"p{part * 100:0.#}")],
                [.. contestants.Select((contestant, who) => new[] { contestant.Name }.Concat(Parts.Select(part => $"{Quantile(latencies[who], part):F0}")).ToArray())]),
            Plot = new Plot("Latency of single calls", "µs", "share of calls, %",
                [.. contestants.Select((contestant, who) => Histogram(contestant.Name, latencies[who]))], IsYLogarithmic: false),
            Notes = [$"{Count:N0} calls of each, in turns, after as many to warm up."],
        };
    }

    private static double Quantile(double[] values, double part) => values.Order().ElementAt((int)(part * (values.Length - 1)));

    // Bins grow by a tenth.
    private static Curve Histogram(string name, double[] values)
    {
        var bins = values.GroupBy(static value => (int)Math.Floor(Math.Log(Math.Max(value, 1), 1.1))).OrderBy(static bin => bin.Key).ToArray();
        return new Curve(name, [.. bins.Select(static bin => Math.Pow(1.1, bin.Key + 0.5))], [.. bins.Select(bin => 100.0 * bin.Count() / values.Length)]);
    }
}
