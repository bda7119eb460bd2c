using MultiProc.Benchmarks.Measuring;
using MultiProc.Calls;
using MultiProc.Live;

namespace MultiProc.Benchmarks.Rows;

internal sealed class QueuedRow() : Row("queued", "Memory of one queued call in the host")
{
    private const int Count = 100_000;
    private const string Queued = "MultiProc, its task included";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var series = await Contestant.RunAsync(3, [new Contestant(Queued, () => QueueAsync(pool))]);
        var payload = CallEncoder.Arguments((1, 2), new LiveExports(static _ => { })).Length;
        return new RowResult
        {
            Unit = "bytes per call",
            Series = series,
            Claims = [Claim.AtMost($"a queued call beside its payload of {payload} bytes", Find(series, Queued).Median - payload, 400, "bytes")],
            Notes = [$"The payload - two ints as the worker gets them - has {payload} bytes, and is included in the table."],
        };
    }

    private static async Task<double> QueueAsync(ProcessPool pool)
    {
        var blocker = pool.ApplyAsync(Functions.Sleep, 1_500);
        var tasks = new Task[Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            tasks[i] = pool.ApplyAsync(Functions.Add, i, 1);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        if (blocker.IsCompleted)
        {
            throw new InvalidOperationException("The worker was free before all calls were queued.");
        }

        await Task.WhenAll(tasks);
        return (double)(after - before) / Count;
    }
}
