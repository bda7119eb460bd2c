using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

internal sealed class DurationsRow() : Row("durations", "Throughput over the calls' duration")
{
    // By then .NET has compiled for good what is called often. A round of longer calls is as long as many of these.
    private const int WarmUpsOfShort = 12;
    private const int Short = 100;

    private static readonly int[] Durations = [1, 10, 100, 1_000, 10_000, 100_000];

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var first = new PlainRpc();
        using var second = new PlainRpc();
        var notes = Array.Empty<string>();
        var curves = new Dictionary<string, List<double>>();
        foreach (var duration in Durations)
        {
            var count = (int)Math.Clamp(400_000 / duration, 4, 10_000);
            using var peers = new Peerage()
                .Node("workerpool", $"spin workerpool {count} {duration}", seconds => count / seconds)
                .Node("jest-worker", $"spin jest-worker {count} {duration}", seconds => count / seconds)
                .Node("tinypool", $"spin tinypool {count} {duration}", seconds => count / seconds)
                .Python("Python, Pool.map", $"spin {count} {duration}", seconds => count / seconds);
            notes = peers.Notes;
            foreach (var one in await Contestant.RunAsync(3,
            [
                new Contestant("MultiProc, ApplyAsync", () => AllAsync(count, () => pool.ApplyAsync(Functions.Spin, (double)duration))),
                new Contestant("MultiProc, MapAsync", () => MapAsync(pool, count, duration)),
                new Contestant("StreamJsonRpc", () => AllAsync(count, i => (i % 2 == 0 ? first : second).SpinAsync(duration))),
                new Contestant("Parallel.ForEachAsync", () => ParallelAsync(count, duration)),
                .. peers.Contestants,
            ], duration <= Short ? WarmUpsOfShort : 1))
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
            Unit = "calls/s",
            Table = new Table(["", .. Durations.Select(static duration => $"{duration:N0} µs")], [.. curves.Select(static curve => new[] { curve.Key }.Concat(curve.Value.Select(static value => $"{value:N0}")).ToArray())]),
            Plot = new Plot("Throughput over the calls' duration, 2 workers", "duration of a call, µs", "calls/s",
                [.. curves.Select(static curve => new Curve(curve.Key, [.. Durations], [.. curve.Value]))]),
            Notes = [$"Of calls of up to {Short} µs, the first {WarmUpsOfShort} rounds do not count: .NET compiles what is called often again meanwhile.", .. notes],
        };
    }

    private static Task<double> AllAsync(int count, Func<Task> call) => AllAsync(count, _ => call());

    private static async Task<double> AllAsync(int count, Func<int, Task> call) =>
        count / (await TimeAsync(() => Task.WhenAll(Enumerable.Range(0, count).Select(call).ToArray()))).TotalSeconds;

    private static async Task<double> MapAsync(ProcessPool pool, int count, double duration) =>
        count / (await TimeAsync(() => pool.MapAsync(Functions.Spin, Enumerable.Repeat(duration, count).ToArray()))).TotalSeconds;

    private static async Task<double> ParallelAsync(int count, double duration) =>
        count / (await TimeAsync(() => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 2 }, (_, _) =>
        {
            Functions.Spin(duration);
            return default;
        }))).TotalSeconds;
}
