using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class PiRow() : Row("pi", "The Leibniz series split over two workers")
{
    private const int Terms = 100_000_000;
    private const string Workers = "MultiProc, two workers";
    private const string Threads = "two threads in this process";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var series = await Contestant.RunAsync(5,
        [
            new Contestant(Workers, async () => (await TimeAsync(() => Task.WhenAll(
                pool.ApplyAsync(Functions.Leibniz, 0, Terms / 2), pool.ApplyAsync(Functions.Leibniz, Terms / 2, Terms)))).TotalMilliseconds),
            new Contestant(Threads, async () => (await TimeAsync(() => Task.WhenAll(
                OnThread(static () => Functions.Leibniz(0, Terms / 2)), OnThread(static () => Functions.Leibniz(Terms / 2, Terms))))).TotalMilliseconds),
            new Contestant("one thread", async () => (await TimeAsync(() => OnThread(static () => Functions.Leibniz(0, Terms)))).TotalMilliseconds),
        ]);
        return new RowResult
        {
            Unit = "ms",
            Series = series,
            Claims = [Claim.AtMost("two workers / two threads", Find(series, Workers).Median / Find(series, Threads).Median, 1.03)],
        };
    }

    private static Task<double> OnThread(Func<double> sum) =>
        Task.Factory.StartNew(sum, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
