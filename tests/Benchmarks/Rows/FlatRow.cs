using System.Diagnostics;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class FlatRow() : Row("flat", "Cost per call as workers and queue grow")
{
    private const int Count = 100_000;
    private const int Rounds = 11;

    // By then a worker's code is compiled for good, which takes each of them half a second of processor time. Before, the row would measure how long that takes 64
    // processes on a few processors.
    private const int LeastWarming = 12;

    // And so is the host's: short queues go other ways than long ones.
    private const int WarmingRounds = 8;
    private static readonly TimeSpan WarmingPerWorker = TimeSpan.FromSeconds(0.6);

    private static readonly int[] Workers = [1, 2, 4, 8, 16, 32, 64];
    private static readonly int[] Queued = [1_000, 10_000, 100_000, 1_000_000];

    public override async Task<RowResult> MeasureAsync()
    {
        var byWorkers = await OverWorkersAsync();
        var byQueue = await OverQueueAsync();
        return new RowResult
        {
            Unit = "µs per call",
            Claims =
            [
                Claim.AtMost("dearest / cheapest over workers", byWorkers.Max() / byWorkers.Min(), 1.2 / 0.8),
                Claim.AtMost("a million queued / a thousand", byQueue[^1] / byQueue[0], 1.2),
                Claim.AtMost("dearest / cheapest over queued calls", byQueue.Max() / byQueue.Min(), 1.2 / 0.8),
            ],
            Table = new Table(
                ["", "µs per call"],
                [
                    .. Workers.Select((count, i) => new[] { $"{count} workers, {Count:N0} queued", $"{byWorkers[i]:F2}" }),
                    .. Queued.Select((count, i) => new[] { $"2 workers, {count:N0} queued", $"{byQueue[i]:F2}" }),
                ]),
            Plot = new Plot("Scaling over workers", "workers", "calls/s", [new Curve("MultiProc", [.. Workers], [.. byWorkers.Select(static cost => 1e6 / cost)])], IsYLogarithmic: false),
            Notes = [$"Flat within 20% either way: the dearest at most 1.5 times the cheapest. Workers are warm: before, there were at least {LeastWarming} rounds, and {WarmingPerWorker.TotalSeconds} s of them for each worker and processor; and the first {WarmingRounds} rounds do not count. Before each one the collector has run."],
        };
    }

    private static async Task<double[]> OverWorkersAsync()
    {
        var pools = new List<ProcessPool>();
        try
        {
            foreach (var count in Workers)
            {
                pools.Add(await ProcessPool.StartAsync(count));
                await WarmUpAsync(pools[^1]);
            }

            return await MediansAsync([.. pools.Select(static pool => new Contestant("", () => RepeatAsync(pool, Count)))]);
        }
        finally
        {
            foreach (var pool in pools)
            {
                await pool.DisposeAsync();
            }
        }
    }

    private static async Task<double[]> OverQueueAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await WarmUpAsync(pool);
        return await MediansAsync([.. Queued.Select(size => new Contestant("", () => RepeatAsync(pool, size)))]);
    }

    private static async Task<double[]> MediansAsync(Contestant[] contestants) =>
        [.. (await Contestant.RunAsync(Rounds, contestants, WarmingRounds)).Select(static series => series.Median)];

    private static async Task WarmUpAsync(ProcessPool pool)
    {
        var time = WarmingPerWorker * pool.Options.Processes / Environment.ProcessorCount;
        var begun = Stopwatch.StartNew();
        for (var round = 0; round < LeastWarming || begun.Elapsed < time; round++)
        {
            await FloodAsync(pool, Count);
        }
    }

    // Small queues many times, so that all measure about as many calls.
    private static async Task<double> RepeatAsync(ProcessPool pool, int size)
    {
        // Else who comes next pays for the collection of what a million calls have left.
        GC.Collect();
        var rounds = Math.Max(1, Count / size);
        var sum = 0.0;
        for (var i = 0; i < rounds; i++)
        {
            sum += await FloodAsync(pool, size);
        }

        return sum / rounds;
    }

    private static async Task<double> FloodAsync(ProcessPool pool, int count)
    {
        var tasks = new Task[count];
        var elapsed = await TimeAsync(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                tasks[i] = pool.ApplyAsync(Functions.Add, i, 1);
            }

            await Task.WhenAll(tasks);
        });
        return elapsed.TotalMicroseconds / count;
    }
}
