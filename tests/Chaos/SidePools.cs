namespace MultiProc.Chaos;

/// <summary>Small pools that are started, given work, and ended in the midst of it, one after another.</summary>
internal static class SidePools
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(ProcessPoolOptions options, Ledger ledger, Tickets tickets, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var own = options with
            {
                Processes = 1 + random.Next(2),
                StandbyWorkers = random.Next(2),
                MaxTasksPerWorker = random.Next(2) == 0 ? null : 1 + random.Next(20),
                QueueCapacity = random.Next(3) == 0 ? 1 + random.Next(5) : null,
            };
            if (await StartAsync(own, ledger) is not { } pool)
            {
                continue;
            }

            var deeds = Enumerable.Range(0, 3).Select(_ => new Deeds(ledger, tickets, new Random(random.Next()), mayEnd: true));
            var work = Task.WhenAll(deeds.Select(deed => deed.OneAsync(pool)).ToArray());
            await Task.WhenAny(work, Task.Delay(random.Next(500), CancellationToken.None));
            await pool.TerminateAsync().WaitAsync(MaxWait, CancellationToken.None);
            await work.WaitAsync(MaxWait, CancellationToken.None);
        }
    }

    /// <summary>The pool; null when one of its processes was killed while it was starting, which is told.</summary>
    private static async Task<ProcessPool?> StartAsync(ProcessPoolOptions options, Ledger ledger)
    {
        ledger.Ask("start");
        try
        {
            var pool = await ProcessPool.StartAsync(options, CancellationToken.None).WaitAsync(MaxWait, CancellationToken.None);
            ledger.End("start", "done");
            return pool;
        }
        catch (WorkerStartException failure) when (failure.Message.Contains("SIGKILL", StringComparison.Ordinal))
        {
            ledger.End("start", nameof(WorkerStartException));
        }
        catch (Exception error)
        {
            ledger.Lie($"start: {error}");
            ledger.End("start", "LIE");
        }

        return null;
    }
}
