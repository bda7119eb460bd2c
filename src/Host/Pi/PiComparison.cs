using System.Diagnostics;

namespace MultiProc.Host.Pi;

/// <summary>The same sum in several workers and in one, measured alike.</summary>
internal static class PiComparison
{
    private const int Rounds = 25;
    private const long WarmUpTerms = 1_000_000;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1.5);

    public static async Task<int> RunAsync(long terms, int processes, TextWriter output, CancellationToken cancellationToken)
    {
        var several = await ProcessPool.StartAsync(processes, cancellationToken).ConfigureAwait(false);
        await using (several.ConfigureAwait(false))
        {
            var single = await ProcessPool.StartAsync(1, cancellationToken).ConfigureAwait(false);
            await using (single.ConfigureAwait(false))
            {
                foreach (var worker in several.Workers)
                {
                    await output.WriteLineAsync($"worker {worker.Slot}  process {worker.ProcessId}").ConfigureAwait(false);
                }

                var report = await CompareAsync(terms, several, single, cancellationToken).ConfigureAwait(false);
                await output.WriteLineAsync(report.ToString()).ConfigureAwait(false);
            }
        }

        return HostExitCode.Success;
    }

    private static async Task<PiReport> CompareAsync(long terms, ProcessPool several, ProcessPool single, CancellationToken cancellationToken)
    {
        var warmUp = new PiSum(Math.Min(terms, WarmUpTerms));
        await warmUp.ComputeAsync(several, cancellationToken).ConfigureAwait(false);
        await warmUp.ComputeAsync(single, cancellationToken).ConfigureAwait(false);

        var sum = new PiSum(terms);
        var (severalBest, singleBest) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        var start = Stopwatch.GetTimestamp();
        for (var round = 1; ; round++)
        {
            // In turns, so that whatever else the machine does meets both.
            var (pi, elapsed) = await sum.ComputeAsync(several, cancellationToken).ConfigureAwait(false);
            severalBest = elapsed < severalBest ? elapsed : severalBest;
            (_, elapsed) = await sum.ComputeAsync(single, cancellationToken).ConfigureAwait(false);
            singleBest = elapsed < singleBest ? elapsed : singleBest;
            if (round == Rounds || Stopwatch.GetElapsedTime(start) > MaxDuration)
            {
                return new PiReport(terms, sum.Ranges, several.Options.Processes, pi, severalBest, singleBest, round);
            }
        }
    }
}
