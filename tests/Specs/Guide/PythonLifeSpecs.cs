using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>The guide's beginnings and ends that Python has, too.</summary>
public sealed class PythonLifeSpecs : PoolSpec
{
    [Spec]
    public async Task Leaving_the_scope_ends_the_workers()
    {
        // <with>
        await using (var pool = await ProcessPool.StartAsync(2))
        {
            int squared = await pool.ApplyAsync(Square, 10);   // 100
        }   // the workers are gone, and what they were doing is cancelled
        // </with>

        Assert.Empty(ProcessTable.Below(Environment.ProcessId));
    }

    [Spec]
    public async Task Joining_waits_for_all_calls()
    {
        // <close>
        await using var pool = await ProcessPool.StartAsync(2);
        var calls = Enumerable.Range(0, 20).Select(x => pool.ApplyAsync(Square, x)).ToList();
        pool.Close();               // no new calls
        await pool.JoinAsync();     // all calls have ended, all workers have exited
        // </close>

        Assert.All(calls, static call => Assert.True(call.IsCompletedSuccessfully));
        Assert.Empty(ProcessTable.Below(Environment.ProcessId));
    }

    [Spec]
    public async Task Terminating_cancels_what_runs()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var told = "";

        // <terminate>
        Task endless = pool.RunAsync(() => Thread.Sleep(Timeout.Infinite));
        await pool.TerminateAsync();    // now: the workers are gone when this returns
        try
        {
            await endless;
        }
        catch (OperationCanceledException)
        {
            told = "cancelled";
        }
        // </terminate>

        Assert.Equal("cancelled", told);
    }

    [Spec]
    public async Task An_initializer_prepares_each_worker()
    {
        using var scratch = new Scratch();
        var path = Path.Combine(scratch.Path, "words.txt");
        File.WriteAllLines(path, ["apple", "pear"]);

        // <initializer>
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(Words.Load, path);
        await using var pool = await ProcessPool.StartAsync(options);
        bool[] known = await pool.MapAsync(Words.IsKnown, ["apple", "aple", "pear"]);   // True, False, True
        // </initializer>

        Assert.Equal([true, false, true], known);
    }

    [Spec]
    public async Task A_worker_is_replaced_after_so_many_tasks()
    {
        // <max-tasks>
        var options = new ProcessPoolOptions { Processes = 1, MaxTasksPerWorker = 10 };
        await using var pool = await ProcessPool.StartAsync(options);
        int[] processes = await pool.MapAsync(_ => Environment.ProcessId, Enumerable.Range(0, 25));
        int different = processes.Distinct().Count();   // 3
        // </max-tasks>

        Assert.Equal(3, different);
    }
}
