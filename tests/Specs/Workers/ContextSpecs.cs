using Microsoft.Extensions.Logging;

namespace MultiProc.Specs.Workers;

public sealed class ContextSpecs : PoolSpec
{
    [Spec]
    public async Task A_function_knows_its_worker_and_the_host_knows_none()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var contexts = await pool.BroadcastAsync(static () => (WorkerContext.Current!.Slot, WorkerContext.Current.Name));

        Assert.Equal([(0, "w0"), (1, "w1")], contexts);
        Assert.Null(WorkerContext.Current);
    }

    [Spec]
    public async Task It_has_none_in_this_process()
    {
        await using var pool = await ProcessPool.StartAsync(0);

        Assert.True(await pool.RunAsync(static () => WorkerContext.Current is null));
        Assert.Equal(Environment.ProcessId, Assert.Single(pool.Workers).ProcessId);
    }

    [Spec]
    public async Task Its_token_is_the_calls_own()
    {
        using var scratch = new Scratch();
        var (begun, heard) = (scratch.Mark("begun"), scratch.Mark("heard"));
        using var cancellation = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(1);
        var worker = pool.Workers[0].ProcessId;
        var call = pool.RunAsync(
            () =>
            {
                begun.Set();
                WorkerContext.Current!.CancellationToken.WaitHandle.WaitOne();
                heard.Set();
            },
            cancellationToken: cancellation.Token);
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await heard.WaitAsync();
        Assert.Equal(worker, await pool.RunAsync(static () => WorkerContext.Current!.CancellationToken.IsCancellationRequested ? 0 : Environment.ProcessId));
    }

    [Spec]
    public async Task What_a_function_logs_arrives_with_category_level_scopes_slot_and_call()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs });

        var slot = await pool.RunAsync(LogSomething, new CallOptions { Name = "the call" });

        await Eventually.TrueAsync(() => logs.Lines.Any(static line => line.Message == "own category"));
        var line = Assert.Single(logs.Lines, static line => line.Message == "3 of 5 failed");
        Assert.Equal(("MultiProc.Worker", LogLevel.Warning, new EventId(17, "Failures")), (line.Category, line.Level, line.Event));
        Assert.Equal((slot, "the call"), (line["Slot"], line["Call"]));
        Assert.Contains("batch 9", line.Scopes.Select(static scope => scope?.ToString()));
        var other = Assert.Single(logs.Lines, static line => line.Message == "own category");
        Assert.Equal(("My.Category", LogLevel.Error), (other.Category, other.Level));
        Assert.Contains("no such table", other.Exception!.ToString(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_line_that_the_hosts_logger_does_not_take_is_told_by_the_pool_and_costs_no_other()
    {
        using var logs = new CollectingLoggerFactory();
        using var choosy = new ChoosyLoggerFactory(logs);
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = choosy });

        await pool.RunAsync(LogTwice);

        await Eventually.TrueAsync(() => logs.Lines.Any(static line => line.Message == "kept"));
        var told = Assert.Single(logs.Lines, static line => line.Message.Contains("logged as Refused", StringComparison.Ordinal));
        Assert.Contains("lost", told.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(told.Exception);
    }

    [Spec]
    public async Task The_last_line_logged_before_a_crash_is_not_lost()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = logs });

        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () =>
        {
            LogLast(WorkerContext.Current!.Logger);
            Posix.Signal(Environment.ProcessId, Posix.Kill);
            Thread.Sleep(Timeout.Infinite);
        }));

        Assert.Contains(logs.Lines, static line => line.Message == "about to crash");
    }

    [Spec]
    public async Task The_pool_itself_logs_what_happens_to_its_workers()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = logs });
        var process = pool.Workers[0].ProcessId;

        Posix.Signal(process, Posix.Kill);

        await Eventually.TrueAsync(() => logs.Lines.Any(line =>
            line.Level == LogLevel.Warning && line.Message.Contains($"process {process}", StringComparison.Ordinal) && line.Message.Contains("SIGKILL", StringComparison.Ordinal)));
    }

#pragma warning disable CA1848, CA2254 // What is logged is the point, not how fast
    private static int LogSomething()
    {
        using var scope = WorkerContext.Current!.Logger.BeginScope("batch {Batch}", 9);
        WorkerContext.Current.Logger.LogWarning(new EventId(17, "Failures"), "{Failed} of {All} failed", 3, 5);
        WorkerContext.Current.CreateLogger("My.Category").LogError(new KeyNotFoundException("no such table"), "own category");
        return WorkerContext.Current.Slot;
    }

    private static void LogTwice()
    {
        WorkerContext.Current!.CreateLogger("Refused").LogInformation("lost");
        WorkerContext.Current.CreateLogger("Taken").LogInformation("kept");
    }

    private static void LogLast(ILogger logger) => logger.LogInformation("about to crash");
#pragma warning restore CA1848, CA2254

    private sealed class ChoosyLoggerFactory(ILoggerFactory others) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName == "Refused" ? throw new InvalidOperationException("no such file") : others.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
