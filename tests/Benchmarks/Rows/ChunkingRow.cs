using System.Globalization;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class ChunkingRow() : Row("chunking", "Chunks chosen automatically beside fixed ones")
{
    // So long would one worker be busy.
    private const double Work = 300_000;

    // By then .NET has compiled for good what is called often.
    private const int WarmUps = 20;

    private static readonly double[] Durations = [1, 10, 100, 1_000, 10_000, 100_000];
    private static readonly int?[] Sizes = [null, 1, 10, 100, 1_000, 10_000];

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        for (var round = 0; round < WarmUps; round++)
        {
            await MapAsync(pool, Items(1, isSkewed: false), round % 2 == 0 ? null : 100);
        }

        var lines = new List<string[]>();
        var worst = 0.0;
        foreach (var isSkewed in new[] { false, true })
        {
            foreach (var duration in Durations)
            {
                var items = Items(duration, isSkewed);
                var series = await Contestant.RunAsync(items.Length * duration > 1_000_000 ? 2 : 7, [.. Sizes.Where(size => size is null || size <= items.Length)
                    .Select(size => new Contestant(size?.ToString(CultureInfo.InvariantCulture) ?? "auto", () => MapAsync(pool, items, size)))]);
                var best = series.Skip(1).Min(static one => one.Median);
                var ratio = series[0].Median / best;
                worst = Math.Max(worst, ratio);
                lines.Add(
                [
                    $"{duration:N0} µs, {(isSkewed ? "skewed" : "uniform")}, {items.Length:N0} items",
                    .. Sizes.Select((_, i) => i < series.Length ? $"{series[i].Median:F0}" : ""),
                    $"{ratio:F2}",
                ]);
            }
        }

        return new RowResult
        {
            Unit = "ms",
            Claims = [Claim.AtMost("automatic / best fixed size, the worst line", worst, 1.1)],
            Table = new Table(["items", .. Sizes.Select(static size => size is null ? "automatic" : $"chunks of {size:N0}"), "automatic / best"], [.. lines]),
            Notes =
            [
                "Skewed: the tenth part of the items takes half of the time, and stands at the end.",
                $"Before, {WarmUps} maps: .NET compiles what is called often again meanwhile.",
            ],
        };
    }

    private static async Task<double> MapAsync(ProcessPool pool, double[] items, int? size) =>
        (await TimeAsync(() => pool.MapAsync(Functions.Spin, items, new MapOptions { ChunkSize = size }))).TotalMilliseconds;

    private static double[] Items(double duration, bool isSkewed)
    {
        // Enough that more than one is long: where the only one goes is luck.
        var items = new double[(int)Math.Max(40, Work / Math.Max(duration, 4))];
        var first = isSkewed ? items.Length - Math.Max(1, items.Length / 10) : items.Length;
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = !isSkewed ? duration
                : i < first ? duration * items.Length / 2 / first : duration * items.Length / 2 / (items.Length - first);
        }

        return items;
    }
}
