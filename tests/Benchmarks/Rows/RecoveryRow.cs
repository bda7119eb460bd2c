using System.Diagnostics;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

internal sealed class RecoveryRow() : Row("recovery", "From a worker's SIGKILL to full strength, with a standby worker")
{
    private const string Recovered = "MultiProc, StandbyWorkers = 1";

    public override async Task<RowResult> MeasureAsync()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, StandbyWorkers = 1 });
        var series = await Contestant.RunAsync(5, [new Contestant(Recovered, () => KillOneAsync(pool))]);
        return new RowResult
        {
            Unit = "ms",
            Series = series,
            Claims = [Claim.AtMost("kill to full strength", Find(series, Recovered).Median, 20, "ms")],
            Notes = ["Full strength: another process is in the killed worker's slot, and has answered a call."],
        };
    }

    private static async Task<double> KillOneAsync(ProcessPool pool)
    {
        // The one that replaces the last standby worker is to be ready, too.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var victim = pool.Workers[0].ProcessId;
        using var process = Process.GetProcessById(victim);
        var begun = Stopwatch.GetTimestamp();
        process.Kill();
        await pool.BroadcastAsync(static () => Environment.ProcessId);
        var processes = await pool.BroadcastAsync(static () => Environment.ProcessId);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        if (processes.Contains(victim))
        {
            throw new InvalidOperationException("The killed worker has answered.");
        }

        return elapsed.TotalMilliseconds;
    }
}
