using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>The guide's answers to what a worker is and how to look into it.</summary>
public sealed class WorkerSpecs : PoolSpec
{
    [Spec]
    public async Task A_worker_cleans_up_before_it_leaves()
    {
        using var scratch = new Scratch();
        var journal = scratch.Journal();

        // <exit-hook>
        var options = new ProcessPoolOptions { Processes = 2 }.WithExitHook(() => journal.Add("closed the device"));
        await using var pool = await ProcessPool.StartAsync(options);
        int squared = await pool.ApplyAsync(Square, 3);
        pool.Close();
        await pool.JoinAsync();     // each worker has run the hook
        // </exit-hook>

        Assert.Equal(["closed the device", "closed the device"], journal.Lines());
    }

    [Spec]
    public async Task A_worker_that_has_grown_is_replaced()
    {
        // <memory>
        var options = new ProcessPoolOptions { Processes = 1, MaxWorkerMemoryBytes = 200 << 20 };
        await using var pool = await ProcessPool.StartAsync(options);
        int before = await pool.RunAsync(() => Environment.ProcessId);
        await pool.RunAsync(() => Array.Fill(GC.AllocateUninitializedArray<byte>(250 << 20), (byte)1));   // leaks, say
        int after = await pool.RunAsync(() => Environment.ProcessId);    // another process
        // </memory>

        Assert.NotEqual(before, after);
        Assert.Equal((0, 1), (pool.Statistics.WorkersRestarted, pool.Statistics.WorkersRecycled));
    }

    [Spec]
    public async Task A_pool_of_no_processes_runs_here_through_the_same_boundary()
    {
        // <in-process>
        await using var pool = await ProcessPool.StartAsync(processes: 0);
        List<int> list = [1];
        int there = await pool.RunAsync(() => { list.Add(2); return list.Count; });   // 2: breakpoints in the lambda are hit
        int here = list.Count;                                                       // 1: it was a copy all the same
        // </in-process>

        Assert.Equal((2, 1), (there, here));
    }

    [Spec]
    public async Task A_function_knows_its_worker()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        // <context>
        string name = await pool.RunAsync(() => WorkerContext.Current!.Name);   // w0
        bool inHost = WorkerContext.Current is null;                            // True
        // </context>

        Assert.Equal(("w0", true), (name, inHost));
    }

    [Spec]
    public async Task What_a_function_logs_arrives_in_the_hosts_log()
    {
        using var loggers = new ListLoggerFactory();

        // <logging>
        var options = new ProcessPoolOptions { Processes = 1, LoggerFactory = loggers };
        await using var pool = await ProcessPool.StartAsync(options);
        await pool.RunAsync(() => WorkerContext.Current!.Logger.LogWarning("The page {Page} is empty", 7));
        // </logging>

        await Eventually.TrueAsync(() => loggers.Lines.Contains("Warning MultiProc.Worker: The page 7 is empty"));
    }

    [Spec]
    public async Task What_a_worker_prints_can_be_taken_line_by_line()
    {
        using var scratch = new Scratch();
        string directory = scratch.Path;

        // <output>
        var lines = new ConcurrentQueue<string>();
        var options = new ProcessPoolOptions
        {
            Processes = 1,
            Output = line => lines.Enqueue($"{line.Slot}: {line.Line}"),
            EnvironmentVariables = new Dictionary<string, string?> { ["GREETING"] = "hello" },
            WorkingDirectory = directory,
        };
        await using var pool = await ProcessPool.StartAsync(options);
        await pool.RunAsync(() => Console.WriteLine(Environment.GetEnvironmentVariable("GREETING")));   // 0: hello
        // </output>

        await Eventually.TrueAsync(() => lines.Contains("0: hello"));
        Assert.Equal(directory, await pool.RunAsync(static () => Environment.CurrentDirectory));
    }

    [Spec]
    public async Task A_pool_shows_what_it_is_doing()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var shown = "";

        // <look>
        Task call = pool.RunAsync(() => Thread.Sleep(300), new CallOptions { Name = "nightly import" });
        await Task.Delay(100);
        foreach (WorkerInfo worker in pool.Workers)
        {
            shown += $"{worker.Name} {worker.State} {worker.CurrentCall} {worker.CurrentCallElapsed}\n";
        }

        PoolStatistics statistics = pool.Statistics;   // Busy, Queued, Completed, Failed, Retried, WorkersRestarted, ...
        await call;
        // </look>

        Assert.Equal(2, statistics.Workers);
        Assert.Contains("w1", shown, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_worker_may_have_a_pool_of_its_own()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        // <nested>
        int[] squares = await pool.RunAsync(async () =>
        {
            await using var inner = await ProcessPool.StartAsync(1);   // dies with its worker, however that ends
            return await inner.MapAsync(Square, [1, 2, 3]);
        });
        // </nested>

        Assert.Equal([1, 4, 9], squares);
    }
}
