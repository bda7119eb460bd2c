namespace MultiProc.Specs.Workers;

public sealed class RecyclingSpecs : PoolSpec
{
    private static readonly List<byte[]> Leaked = [];

    public static TheoryData<int, int> Lives() => [.. from limit in Enumerable.Range(1, 3) from workers in Enumerable.Range(1, 4) select (limit, workers)];

    [SpecTheory]
    [MemberData(nameof(Lives))]
    public async Task A_worker_runs_exactly_as_many_calls_as_it_may(int limit, int workers)
    {
        var calls = limit * workers * 2;
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = workers, MaxTasksPerWorker = limit });

        var processes = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => pool.RunAsync(static () => Environment.ProcessId)));

        await ExpectExactLivesAsync(pool, processes, limit);
    }

    [SpecTheory]
    [MemberData(nameof(Lives))]
    public async Task Items_of_a_map_count_like_calls_however_they_travel(int limit, int workers)
    {
        var items = limit * workers * 2;
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = workers, MaxTasksPerWorker = limit });

        var processes = await pool.MapAsync(static (int _) => Environment.ProcessId, Enumerable.Range(0, items), new MapOptions { ChunkSize = limit + 1 });

        await ExpectExactLivesAsync(pool, processes, limit);
    }

    [Spec]
    public async Task A_hundred_calls_with_ten_per_worker_are_right_and_cost_ten_processes()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, MaxTasksPerWorker = 10 });

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => pool.ApplyAsync(static (int i) => (Value: i * i, Environment.ProcessId), i)));

        Assert.Equal(Enumerable.Range(0, 100).Select(static i => i * i), results.Select(static result => result.Value));
        await ExpectExactLivesAsync(pool, [.. results.Select(static result => result.ProcessId)], 10);
    }

    [Spec]
    public async Task Closing_right_after_the_calls_waits_for_all_replacements_that_they_need()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 3, MaxTasksPerWorker = 1 });
        var calls = Enumerable.Range(0, 6).Select(i => pool.ApplyAsync(
            static (int i) =>
            {
                Thread.Sleep(50);
                return i;
            },
            i)).ToArray();

        pool.Close();
        await pool.JoinAsync();

        Assert.Equal(Enumerable.Range(0, 6), await Task.WhenAll(calls));
    }

    [Spec]
    public async Task A_worker_that_has_grown_too_large_is_replaced_between_calls_and_no_call_fails()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, MaxWorkerMemoryBytes = 250 << 20 });

        var processes = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            processes.Add(await pool.RunAsync(static () =>
            {
                Leaked.Add(Touched(40 << 20));
                return Environment.ProcessId;
            }));
        }

        Assert.InRange(processes.Distinct().Count(), 2, 6);
        Assert.Equal((12, 0, 0), (pool.Statistics.Completed, pool.Statistics.Failed, pool.Statistics.WorkersRestarted));
        await Eventually.TrueAsync(() => pool.Statistics.WorkersRecycled >= processes.Distinct().Count() - 1);
    }

    private static byte[] Touched(int size)
    {
        var memory = new byte[size];
        Array.Fill(memory, (byte)1);
        return memory;
    }

    private static async Task ExpectExactLivesAsync(ProcessPool pool, int[] processes, int limit)
    {
        var lives = processes.CountBy(static process => process).ToDictionary();
        var full = lives.Count(life => life.Value == limit);
        await Eventually.TrueAsync(() => pool.Statistics.WorkersRecycled == full);
        await Eventually.TrueAsync(() => pool.Workers.All(static worker => worker.State == WorkerState.Idle));
        var alive = pool.Workers.Select(static worker => worker.ProcessId).ToHashSet();

        Assert.All(lives, life => Assert.True(alive.Contains(life.Key) ? life.Value < limit : life.Value == limit, $"{life} of {limit}"));
        Assert.Equal((processes.Length, 0), (pool.Statistics.Completed, pool.Statistics.WorkersRestarted));
    }
}
