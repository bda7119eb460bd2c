using System.Runtime;

namespace MultiProc.Specs.Lifecycle;

public sealed class StartSpecs : PoolSpec
{
    // Each of them is a tenth of a worker's start and more, with what it brings.
    private static readonly string[] SlowToStart =
    [
        "StreamJsonRpc.", "Microsoft.VisualStudio.", "Newtonsoft.", "System.Text.Json.", "System.Console.", "System.Net.Sockets.", "System.IO.Pipes.", "System.Linq.",
        "System.Collections.Immutable.", "System.Reflection.Metadata.", "System.Diagnostics.DiagnosticSource.", "libicu",
    ];

    [Spec]
    public async Task A_pool_has_as_many_workers_as_asked_for_and_as_processors_by_default()
    {
        await using var three = await ProcessPool.StartAsync(3);
        await using var some = await ProcessPool.StartAsync();

        Assert.Equal((3, 3), (three.Workers.Count, three.Workers.Select(static worker => worker.ProcessId).Distinct().Count()));
        Assert.Equal(Environment.ProcessorCount, some.Workers.Count);
        Assert.Equal(Environment.ProcessorCount, some.Options.Processes);
    }

    [Spec]
    public async Task A_worker_that_has_run_a_small_call_has_loaded_nothing_that_starts_slowly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has loaded is read from /proc.");
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal(3, await pool.ApplyAsync(static (int a, int b) => a + b, 1, 2));

        var loaded = File.ReadLines($"/proc/{pool.Workers[0].ProcessId}/maps").Select(static line => line[(line.LastIndexOf('/') + 1)..]).ToHashSet();
        Assert.Contains("MultiProc.Worker.dll", loaded);
        Assert.Equal("", string.Join(' ', loaded.Where(static file => SlowToStart.Any(start => file.StartsWith(start, StringComparison.Ordinal)))));
    }

    [Spec]
    public async Task A_worker_compiles_little_until_its_first_call_because_its_own_code_is_precompiled()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        // Some eighty, most of them those of MessagePack; without, five times as many.
        Assert.InRange(await pool.ApplyAsync(static (bool currentThread) => JitInfo.GetCompiledMethodCount(currentThread), false), 1, 130);
    }

    [Spec]
    public async Task Options_out_of_range_are_refused_by_the_call_itself()
    {
        ProcessPoolOptions[] wrong =
        [
            new() { Processes = -1 },
            new() { StandbyWorkers = -1 },
            new() { QueueCapacity = 0 },
            new() { MaxTasksPerWorker = 0 },
            new() { MaxTasksPerWorker = -1 },
            new() { MaxWorkerMemoryBytes = 0 },
            new() { TaskTimeout = TimeSpan.Zero },
            new() { CancellationGracePeriod = TimeSpan.FromMilliseconds(-5) },
            new() { StackCaptureTimeout = TimeSpan.FromMilliseconds(-1) },
            new() { StartTimeout = TimeSpan.Zero },
            new() { WorkingDirectory = "/no/such/directory" },
            new() { EnvironmentVariables = null! },
            new() { Debugging = null! },
        ];

        Assert.All(wrong, static options => Assert.ThrowsAny<ArgumentException>(() => { _ = ProcessPool.StartAsync(options); }));
        Assert.ThrowsAny<ArgumentException>(static () => { _ = ProcessPool.StartAsync(-1); });
        await Task.CompletedTask;
    }

    [Spec]
    public async Task Starting_can_be_cancelled_and_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessPool.StartAsync(2, cancelled.Token));

        using var later = new CancellationTokenSource();
        var starting = ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 2 }.WithInitializer(static () => Thread.Sleep(Timeout.Infinite)), later.Token);
        await Eventually.TrueAsync(static () => ProcessTable.Below(Environment.ProcessId).Count == 2);
        await later.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Spec]
    public async Task A_worker_that_is_not_ready_in_time_fails_the_start()
    {
        var options = new ProcessPoolOptions { Processes = 2, StartTimeout = TimeSpan.FromSeconds(2) }
            .WithInitializer(static () => Thread.Sleep(Timeout.Infinite));

        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => ProcessPool.StartAsync(options));

        Assert.Contains("StartTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_temporary_directory_with_a_long_name_does_not_hinder_the_pipes()
    {
        var usual = Environment.GetEnvironmentVariable("TMPDIR");
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), new string('x', 120)));
        Environment.SetEnvironmentVariable("TMPDIR", directory.FullName);
        try
        {
            await using var pool = await ProcessPool.StartAsync(1);
            Assert.Equal(2, await pool.RunAsync(static () => 2));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", usual);
            directory.Delete(recursive: true);
        }
    }

    [Spec]
    public async Task A_pool_can_be_started_by_any_thread()
    {
        var result = 0;
        var thread = new Thread(() =>
        {
            using var pool = ProcessPool.StartAsync(1).GetAwaiter().GetResult();
            result = pool.Apply(static (int x) => x + 1, 1);
        });

        thread.Start();
        await Task.Run(thread.Join);

        Assert.Equal(2, result);
    }

    [Spec]
    public async Task Several_pools_live_side_by_side()
    {
        await using var first = await ProcessPool.StartAsync(1);
        await using (var second = await ProcessPool.StartAsync(1))
        {
            Assert.NotEqual(await first.RunAsync(static () => Environment.ProcessId), await second.RunAsync(static () => Environment.ProcessId));
        }

        Assert.Equal(3, await first.RunAsync(static () => 3));
    }
}
