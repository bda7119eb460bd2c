using System.Text.Json;

namespace MultiProc.HostSpecs.Control;

/// <summary>Every pool can be looked into by its user; nothing of it is left when it has gone.</summary>
public sealed class ObservingSpecs : PoolSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task A_pool_is_found_with_its_workers_and_what_they_do()
    {
        using var scratch = new Scratch();
        var goOn = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, Name = "observed" }, Token);
        var call = pool.ApplyAsync(static mark => mark.Wait(), goOn, new CallOptions { Name = "waiting" }, Token);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);

        var found = Assert.Single(await PoolConnection.ListAsync(Token), static one => one.Name == "observed");
        goOn.Set();
        await call;

        Assert.Equal(Environment.ProcessId, found.ProcessId);
        Assert.Equal((true, false, true), (found.IsOpen, found.IsServed, found.IsResponding));
        Assert.Equal(pool.Workers.Select(static worker => worker.ProcessId), found.Workers.Select(static worker => worker.ProcessId));
        Assert.Equal(1, found.Statistics.Busy);
        var busy = Assert.Single(found.Workers, static worker => worker.State == WorkerState.Busy);
        Assert.Equal("waiting", busy.CurrentCall);
        Assert.True(busy.CurrentCallElapsed > TimeSpan.Zero);
        Assert.True(busy.ProcessorTime > TimeSpan.Zero);
        Assert.Contains(found.Events, one => one.Text.Contains($"(process {busy.ProcessId}) is ready", StringComparison.Ordinal));
    }

    [Spec]
    public async Task The_pool_of_an_application_offers_no_functions_and_cannot_be_stopped_from_outside()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        await using var connection = await PoolConnection.ConnectAsync(pool.Describe().Address, Token);

        Assert.Empty(await connection.GetFunctionsAsync(Token));
        var called = await Assert.ThrowsAsync<PoolControlException>(() => connection.CallAsync("System.Environment.Exit", JsonElement.Parse("[1]"), null, Token));
        var stopped = await Assert.ThrowsAsync<PoolControlException>(() => connection.StopAsync(now: true, Token));

        Assert.Equal((PoolControlError.NotServed, PoolControlError.Refused), (called.Error, stopped.Error));
        Assert.Equal(1, await pool.RunAsync(static () => 1, cancellationToken: Token));
    }

    [Spec]
    public async Task Workers_are_killed_recycled_and_resized_from_outside()
    {
        await using var pool = await ProcessPool.StartAsync(2, Token);
        await using var connection = await PoolConnection.ConnectAsync(pool.Describe().Address, Token);
        var before = pool.Workers.Select(static worker => worker.ProcessId).ToArray();

        Assert.Equal([1], await connection.KillAsync(1, Token));
        await Eventually.TrueAsync(() => pool.Workers[1] is { State: WorkerState.Idle } worker && worker.ProcessId != before[1]);
        Assert.Equal([0], await connection.RecycleAsync(0, Token));
        await Eventually.TrueAsync(() => pool.Workers[0] is { State: WorkerState.Idle } worker && worker.ProcessId != before[0]);
        Assert.Equal((1, 1), (pool.Statistics.WorkersRestarted, pool.Statistics.WorkersRecycled));

        await connection.ResizeAsync(1, Token);
        Assert.Single(pool.Workers);
        var wrong = await Assert.ThrowsAsync<PoolControlException>(() => connection.ResizeAsync(0, Token));
        Assert.Equal(PoolControlError.InvalidArguments, wrong.Error);
        await Assert.ThrowsAsync<PoolControlException>(() => connection.KillAsync(7, Token));
    }

    [Spec]
    public async Task Whoever_watches_is_told_until_the_pool_ends()
    {
        var pool = await ProcessPool.StartAsync(1, Token);
        await using var connection = await PoolConnection.ConnectAsync(pool.Describe().Address, Token);
        var seen = 0;

        await foreach (var info in connection.WatchAsync(TimeSpan.FromMilliseconds(20), Token))
        {
            Assert.Single(info.Workers);
            if (++seen == 3)
            {
                await pool.DisposeAsync();
            }
        }

        Assert.True(seen >= 3);
        await connection.Closed.WaitAsync(Token);
    }

    [Spec]
    public async Task Nobody_else_can_reach_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no modes of files here.");
            return;
        }

        await using var pool = await ProcessPool.StartAsync(1, Token);
        var path = PathOf(pool.Describe().Address);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    [SpecTheory]
    [InlineData("Idle", 0)]
    [InlineData("Spinning", 2)]
    public async Task Of_a_host_that_is_killed_no_pipe_is_left(string scenario, int busy)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There pipes vanish with their process.");
        using var host = await HostProcess.StartAsync(scenario, busy);
        var folder = Path.Combine(host.TemporaryFolder, $"multiproc-{Environment.UserName}");
        Assert.Single(Directory.EnumerateFiles(folder));

        host.Kill();
        await host.WaitForExitAsync();

        await Eventually.TrueWithinAsync(TimeSpan.FromSeconds(5), () => !Directory.EnumerateFiles(folder).Any());
    }

    [Spec]
    public async Task What_a_dead_host_left_is_removed_by_whoever_looks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There pipes vanish with their process.");
        await using var pool = await ProcessPool.StartAsync(1, Token);
        var left = PathOf("999999999-1-abcdef");
        await File.WriteAllTextAsync(left, "", Token);

        await PoolConnection.ListAsync(Token);

        Assert.False(File.Exists(left));
        Assert.True(File.Exists(PathOf(pool.Describe().Address)));
    }

    private static string PathOf(string address) => Path.Combine(Path.GetTempPath(), $"multiproc-{Environment.UserName}", address);
}
