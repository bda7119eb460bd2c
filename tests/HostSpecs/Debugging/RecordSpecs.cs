using System.Diagnostics;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>Failing calls are saved, and can be made again.</summary>
public sealed class RecordSpecs : PoolSpec
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly Recorded.Order Tea = new("tea", 3, ["hot", "green"]);

    private readonly Scratch _records = new();

    private ProcessPoolOptions Options => new() { Processes = 1, RecordDirectory = _records.Path, CancellationGracePeriod = TimeSpan.FromMilliseconds(100) };

    public override async ValueTask DisposeAsync()
    {
        _records.Dispose();
        await base.DisposeAsync();
    }

    [Spec]
    public async Task A_call_that_throws_is_saved_before_its_caller_knows_and_fails_alike_when_made_again()
    {
        await using var pool = await ProcessPool.StartAsync(Options);
        Assert.Equal(1, await pool.ApplyAsync(Recorded.Sell, Tea, 2));
        Assert.Empty(Records());

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.ApplyAsync(Recorded.Sell, Tea, 5));

        var call = RecordedCall.Load(Assert.Single(Records()));
        Assert.Equal(call.Path, error.Data[RecordedCall.PathKey]);
        Assert.Equal(("MultiProc.HostSpecs.Debugging.Recorded.Sell", typeof(ArgumentOutOfRangeException).FullName, null), (call.Function, call.ErrorType, call.Item));
        Assert.Contains("Recorded.cs:line", call.ErrorText, StringComparison.Ordinal);
        Assert.Equal(error.Message, (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => call.InvokeAsync())).Message);
        var (code, output, errors) = await RunAsync(call.InNewWorker());
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("Only 3 of tea are left.", errors, StringComparison.Ordinal);
        Assert.Contains("Recorded.cs:line", errors, StringComparison.Ordinal);
        (code, output, _) = await RunAsync(call.ShowArguments());
        Assert.Equal(0, code);
        Assert.Equal(["order = MultiProc.HostSpecs.Debugging.Recorded.Order {\"Article\": \"tea\", \"Stock\": 3, \"Tags\": [\"hot\", \"green\"]}", "pieces = 5"], Lines(output));
    }

    [Spec]
    public async Task What_has_been_mended_returns_its_result()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(Options);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(Recorded.FailOnce, scratch.Mark("failed")));
        var call = RecordedCall.Load(Assert.Single(Records()));

        Assert.Equal(42, await call.InvokeAsync());
        Assert.Equal((0, "42"), await RunAsync(call.InNewWorker()) is var (code, output, _) ? (code, output.Trim()) : default);
    }

    [Spec]
    public async Task An_item_of_a_map_is_one_call_in_its_record()
    {
        await using var pool = await ProcessPool.StartAsync(Options);

        var outcomes = await pool.MapSettledAsync(Recorded.Check, Enumerable.Range(0, 100), new MapOptions { ChunkSize = 25 });

        Assert.Equal(99, outcomes.Count(static outcome => outcome.IsSuccess));
        var call = RecordedCall.Load(Assert.Single(Records()));
        Assert.Equal(37, call.Item);
        Assert.Equal("37 is not good.", (await Assert.ThrowsAsync<InvalidOperationException>(() => call.InvokeAsync())).Message);
    }

    [Spec]
    public async Task A_crash_is_recorded_and_crashes_again_with_what_the_lambda_captured()
    {
        var (answer, name) = (6 * 7, "x");
        await using var pool = await ProcessPool.StartAsync(Options);
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(() =>
        {
            Console.WriteLine($"{name}{answer}");
            Crash.Sigkill();
        }));
        var call = RecordedCall.Load(Assert.Single(Records()));
        Assert.Equal(typeof(WorkerLostException).FullName, call.ErrorType);

        Assert.Equal((128 + Posix.Kill, "x42"), await RunAsync(call.InNewWorker()) is var (code, output, _) ? (code, output.Trim()) : default);
        var (_, shown, _) = await RunAsync(call.ShowArguments());
        Assert.StartsWith("captured = {", shown, StringComparison.Ordinal);
        Assert.Contains("\"answer\": 42", shown, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_call_past_its_limit_is_recorded_and_one_that_is_cancelled_is_not()
    {
        using var canceled = new CancellationTokenSource();
        await using var pool = await ProcessPool.StartAsync(Options);
        var call = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), null, canceled.Token);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Assert.ThrowsAsync<CallTimeoutException>(
            () => pool.RunAsync(static token => token.WaitHandle.WaitOne(), new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) }));

        var record = RecordedCall.Load(Assert.Single(Records()));
        Assert.Equal((typeof(CallTimeoutException).FullName, TimeSpan.FromMilliseconds(50)), (record.ErrorType, record.Timeout));
    }

    [Spec]
    public async Task The_initializer_runs_again_first()
    {
        await using var pool = await ProcessPool.StartAsync(Options.WithInitializer(Recorded.SetLimit, 10));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(Recorded.CheckLimit, 11));

        var (code, _, errors) = await RunAsync(RecordedCall.Load(Assert.Single(Records())).InNewWorker());

        Assert.Equal(1, code);
        Assert.Contains("11 is above 10.", errors, StringComparison.Ordinal);
    }

    [Spec]
    public async Task What_crossed_live_is_printed_quiet_or_refused()
    {
        using var tokens = new CancellationTokenSource();
        using var budget = new SharedValue<int>(5);
        await using var pool = await ProcessPool.StartAsync(Options);
        IProgress<int> progress = new Progress<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(Recorded.Report, progress, tokens.Token));
        var (code, _, errors) = await RunAsync(RecordedCall.Load(Assert.Single(Records())).InNewWorker());
        Assert.Equal(1, code);
        Assert.StartsWith("progress: 7", errors, StringComparison.Ordinal);
        Assert.Contains("cancelled: False", errors, StringComparison.Ordinal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(Recorded.Spend, budget));
        var shared = RecordedCall.Load(Records().Single(static path => path.Contains("Spend", StringComparison.Ordinal)));
        Assert.Contains("SharedValue", (await Assert.ThrowsAsync<ProcessPoolException>(() => shared.InvokeAsync())).Message, StringComparison.Ordinal);
        (code, _, errors) = await RunAsync(shared.InNewWorker());
        Assert.Equal(65, code);
        Assert.Contains("belongs to the processes that shared it", errors, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_pool_in_this_process_records_too_and_a_damaged_record_is_refused()
    {
        await using var pool = await ProcessPool.StartAsync(Options with { Processes = 0 });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.ApplyAsync(Recorded.Sell, Tea, 5));
        var path = Assert.Single(Records());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RecordedCall.Load(path).InvokeAsync());
        var content = await File.ReadAllBytesAsync(path);

        await File.WriteAllBytesAsync(path, content[..^1]);

        Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => RecordedCall.Load(path)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, "{\"multiproc-call\":2}\n");
        Assert.Throws<InvalidDataException>(() => RecordedCall.Load(path));
    }

    private string[] Records() => Directory.GetFiles(_records.Path);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;

        // It may be killed, and then leaves no files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        using var output = process.StandardOutput;
        using var errors = process.StandardError;
        var both = await Task.WhenAll(output.ReadToEndAsync(), errors.ReadToEndAsync()).WaitAsync(MaxWait);
        await process.WaitForExitAsync().WaitAsync(MaxWait);
        return (process.ExitCode, both[0], both[1]);
    }
}
