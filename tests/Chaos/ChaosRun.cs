namespace MultiProc.Chaos;

/// <summary>The run: work of every kind on pools that are resized, started and stopped, while their processes are tormented; and the audit.</summary>
internal static class ChaosRun
{
    private const int Drivers = 6;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(TimeSpan length, int seed, int processes)
    {
        Console.WriteLine($"chaos: seed {seed}, {length.TotalMinutes:0.##} minutes, {processes} workers");
        var options = new ProcessPoolOptions
        {
            Processes = processes,
            CancellationGracePeriod = TimeSpan.FromMilliseconds(200),
            StandbyWorkers = 1,

            // A process that is slowed on a busy machine may take long to start: that is no fault.
            StartTimeout = TimeSpan.FromMinutes(2),
            Output = static _ => { },
        };

        // What a first pool, and the first of everything it is asked for, leaves in the runtime (thread pool, signal handling, sockets) is not a leak.
        await WarmUpAsync(options);
        var start = await ResourceLevel.SettledAsync(new ResourceLevel(0, 0, 0, 0, 0, 0));

        var ledger = new Ledger();
        var monkey = new Monkey(ledger, new Random(seed + 1));
        var statistics = await RampageAsync(options, ledger, monkey, seed, length);
        return Audit(ledger, monkey, statistics, start, await ResourceLevel.SettledAsync(start));
    }

    private static async Task WarmUpAsync(ProcessPoolOptions options)
    {
        using var tickets = new Tickets();
        await using var pool = await ProcessPool.StartAsync(options);
        for (var kind = 0; kind < Deeds.Kinds; kind++)
        {
            await new Deeds(new Ledger(), tickets, new Random(kind), mayEnd: false).DoAsync(pool, kind);
        }
    }

    private static async Task<PoolStatistics> RampageAsync(ProcessPoolOptions options, Ledger ledger, Monkey monkey, int seed, TimeSpan length)
    {
        using var tickets = new Tickets();
        using var end = new CancellationTokenSource(length);
        await using var pool = await ProcessPool.StartAsync(options);
        Task[] all =
        [
            monkey.RampageAsync(end.Token),
            SidePools.RunAsync(options, ledger, tickets, new Random(seed + 2), end.Token),
            ResizeAsync(pool, options.Processes, new Random(seed + 3), end.Token),
            .. Enumerable.Range(4, Drivers).Select(i => DriveAsync(pool, new Deeds(ledger, tickets, new Random(seed + i), mayEnd: false), end.Token)),
        ];
        try
        {
            await Task.WhenAll(all).WaitAsync(length + MaxWait);
            pool.Close();
            await pool.JoinAsync().WaitAsync(MaxWait);
        }
        catch (TimeoutException)
        {
            ledger.Lie($"something hangs: {pool.Statistics}; open: {string.Join(", ", ledger.Open)}");
        }

        return pool.Statistics;
    }

    private static async Task DriveAsync(ProcessPool pool, Deeds deeds, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await deeds.OneAsync(pool);
        }
    }

    private static async Task ResizeAsync(ProcessPool pool, int processes, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(1000, CancellationToken.None);
            await pool.ResizeAsync(1 + random.Next(processes * 2), CancellationToken.None);
        }

        await pool.ResizeAsync(processes, CancellationToken.None);
    }

    private static int Audit(Ledger ledger, Monkey monkey, PoolStatistics statistics, ResourceLevel start, ResourceLevel end)
    {
        foreach (var (how, times) in ledger.Endings.OrderBy(static ending => ending.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {times,11:N0}  {how}");
        }

        Console.WriteLine($"asked {ledger.Asked:N0}, ended {ledger.Ended:N0}; {monkey.Kills:N0} kills, {monkey.Stops:N0} stops, {monkey.Slowdowns:N0} slowed, "
            + $"{monkey.Corruptions:N0} pages corrupted, {monkey.Truncations:N0} memories to be cut off");
        Console.WriteLine($"{statistics}");
        Console.WriteLine($"resources before {start}");
        Console.WriteLine($"resources after  {end}");
        foreach (var lie in ledger.Lies.Take(10))
        {
            Console.WriteLine($"LIE: {lie}");
        }

        var isClean = ledger.Lies.Count == 0 && ledger.Asked == ledger.Ended && end.IsBackAt(start) && statistics is { Queued: 0, Busy: 0 };
        Console.WriteLine(isClean ? "chaos: clean" : "chaos: NOT CLEAN");
        return isClean ? 0 : 1;
    }
}
