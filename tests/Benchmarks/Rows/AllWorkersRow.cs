using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class AllWorkersRow() : Row("one-copy", "100 MB for all of four workers")
{
    private const int Size = 100_000_000;
    private const int Workers = 4;
    private const string Shared = "MultiProc, SharedArray<byte>";
    private const string ByValue = "MultiProc, byte[] by value, all workers holding it at once";

    private static byte[]? _held;

    public override async Task<RowResult> MeasureAsync()
    {
        if (!Memory.CanMeasure)
        {
            return new RowResult { Unit = "copies in memory", Notes = ["Not measured: only Linux accounts for shared memory this way."] };
        }

        var series = await Contestant.RunAsync(1, [new Contestant(Shared, SharedAsync), new Contestant(ByValue, ByValueAsync)]);
        return new RowResult
        {
            Unit = "copies in memory",
            Series = series,
            Claims = [Claim.AtMost("copies with SharedArray", Find(series, Shared).Median, 1.1, "copies")],
            Notes = ["Growth of the host's and the workers' physical memory together, divided by the argument's size; the argument's own is counted."],
        };
    }

    private static async Task<double> SharedAsync()
    {
        await using var pool = await ProcessPool.StartAsync(Workers);
        await pool.BroadcastAsync(static () => 0);
        var before = Total(pool);
        using var array = new SharedArray<byte>(Size);
        array.Span.Fill(1);
        await pool.BroadcastAsync(() => Functions.SumShared(array));
        return (Total(pool) - before) * 1e6 / Size;
    }

    private static async Task<double> ByValueAsync()
    {
        await using var pool = await ProcessPool.StartAsync(Workers);
        await pool.BroadcastAsync(static () => 0);
        var before = Total(pool);
        var array = new byte[Size];
        Array.Fill(array, (byte)1);
        await pool.BroadcastAsync(() => Hold(array));
        return (Total(pool) - before) * 1e6 / Size;
    }

    private static int Hold(byte[] array) => (_held = array).Length;

    private static double Total(ProcessPool pool)
    {
        GC.Collect();
        return Memory.ProportionalMegabytes(Environment.ProcessId) + pool.Workers.Sum(static worker => Memory.ProportionalMegabytes(worker.ProcessId));
    }
}
