namespace MultiProc.HostSpecs.Debugging;

/// <summary>Workers that wait for a debugger before they run anything.</summary>
public sealed class WaitingSpecs : PoolSpec
{
    private const string DebugVariable = "MULTIPROC_DEBUG";
    private const string InProcessVariable = "MULTIPROC_INPROCESS";

    [Spec]
    public async Task A_worker_that_waits_for_a_debugger_holds_up_nobody_and_runs_once_one_is_attached()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 2,
            StartTimeout = TimeSpan.FromSeconds(20),
            Debugging = WorkerDebugging.WaitForDebugger(1),
        });
        Assert.Equal(0, await pool.RunAsync(static () => WorkerContext.Current!.Slot));
        await Eventually.TrueAsync(() => pool.Workers[1].State == WorkerState.WaitingForDebugger && HasThread(pool.Workers[1].ProcessId, "mp-debug-wait"));
        var everywhere = pool.BroadcastAsync(static () => Debugged.Once("waited"));
        Assert.False(everywhere.IsCompleted);

        // Between being attached and standing still for it, the worker may get to run all of it.
        using var debugger = await TestDebugger.AttachAsync(pool.Workers[1].ProcessId);
        Assert.Equal("running", await debugger.AskAsync("go"));

        Assert.All(await everywhere, static result => Assert.Equal(14, result));
        Assert.False(HasThread(pool.Workers[1].ProcessId, "mp-debug-wait"));
        Assert.Equal("stopped", await debugger.AskAsync("pause"));
        await debugger.DetachAsync();
    }

    [Spec]
    public async Task A_pool_whose_workers_all_wait_ends_at_once()
    {
        var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Debugging = WorkerDebugging.WaitForDebugger() });
        await Eventually.TrueAsync(() => pool.Workers[0].State == WorkerState.WaitingForDebugger);
        var call = pool.RunAsync(static () => 1);

        await pool.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Spec]
    public async Task The_environment_says_who_waits_and_workers_do_not_inherit_it()
    {
        Environment.SetEnvironmentVariable(DebugVariable, "w1, w7");
        try
        {
            using var logs = new CollectingLoggerFactory();
            await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs });

            Assert.False(pool.Options.Debugging.Includes(0));
            Assert.True(pool.Options.Debugging.Includes(1) && pool.Options.Debugging.Includes(7));
            Assert.StartsWith("Worker w7 is to wait for a debugger, but the pool has 2 workers", Assert.Single(logs.Lines, static line => line.Event.Id == 1071).Message, StringComparison.Ordinal);
            Assert.Null(await pool.RunAsync(static () => Environment.GetEnvironmentVariable(DebugVariable)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(DebugVariable, null);
        }
    }

    [Spec]
    public async Task The_environment_runs_a_pool_in_this_process()
    {
        Environment.SetEnvironmentVariable(InProcessVariable, "1");
        try
        {
            await using var pool = await ProcessPool.StartAsync(2);

            Assert.Equal(Environment.ProcessId, await pool.RunAsync(static () => Environment.ProcessId));
        }
        finally
        {
            Environment.SetEnvironmentVariable(InProcessVariable, null);
        }
    }

    [Spec]
    public async Task Processes_are_named_after_their_workers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a process is named after its program.");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1, WorkerProcessName = "imaging" });
        Assert.Equal("imaging:w0", NameOf(pool.Workers[0].ProcessId));

        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(Crash.Sigkill));

        // The standby worker took over, and took the name.
        Assert.Equal("imaging:w0", NameOf(await pool.RunAsync(static () => Environment.ProcessId)));
    }

    private static string NameOf(int process) => File.ReadAllText($"/proc/{process}/comm").Trim();

    private static bool HasThread(int process, string name) =>
        process != 0 && Directory.EnumerateDirectories($"/proc/{process}/task").Any(task => ReadName(task) == name);

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // A thread that has just ended.
            return "";
        }
    }
}
