namespace MultiProc.HostSpecs.Debugging;

/// <summary>From the record of last night's failure to a breakpoint in the function.</summary>
public sealed class ReplaySpecs : PoolSpec
{
    private const int Failing = 37;

    [Spec]
    public async Task Replay_waits_for_a_debugger_that_stops_in_the_function()
    {
        Assert.SkipWhen(TestDebugger.Obstacle is not null, TestDebugger.Obstacle ?? "");
        using var records = new Scratch();
        await using (var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, RecordDirectory = records.Path }))
        {
            var outcomes = await pool.MapSettledAsync(Recorded.Check, Enumerable.Range(0, 100));
            Assert.Equal(Failing, Assert.Single(outcomes.Index(), static one => !one.Item.IsSuccess).Index);
        }

        using var replay = Replay(records);
        using var debugger = await AttachAsync(replay);
        Assert.StartsWith("stopped break MultiProc.Protocol.Records.RecordedFunction.Invoke(", await debugger.AskAsync("wait"), StringComparison.Ordinal);
        Assert.Equal("break set", await debugger.AskAsync($"break {Recorded.FileName} {Debugged.LineOf(Recorded.CheckLine, Recorded.FileName)}"));
        Assert.Equal("running", await debugger.AskAsync("go"));

        Assert.StartsWith("stopped breakpoint MultiProc.HostSpecs.Debugging.Recorded.Check(Int32 number) in ", await debugger.AskAsync("wait"), StringComparison.Ordinal);
        Assert.Equal($"number={Failing}", await debugger.AskAsync("arguments"));

        var ended = await EndAsync(replay, debugger);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("37 is not good.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("right before the function", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_call_of_the_command_line_stops_right_before_the_function_that_it_named()
    {
        Assert.SkipWhen(TestDebugger.Obstacle is not null, TestDebugger.Obstacle ?? "");
        const string Function = "MultiProc.TestFunctions.CommandFunctions.Half";
        using var records = new Scratch();
        var run = await Started.MultiprocToEndAsync("run", Built.Functions, Function, "3", "--record", records.Path);
        Assert.Equal(1, run.ExitCode);

        using var replay = Replay(records);
        using var debugger = await AttachAsync(replay);
        Assert.StartsWith("stopped break MultiProc.Host.Functions.Overload.Invoke(", await debugger.AskAsync("wait"), StringComparison.Ordinal);
        var line = 1 + Array.FindIndex(Built.Read("tests/TestFunctions/CommandFunctions.cs").Split('\n'), static line => line.Contains("value % 2 == 0", StringComparison.Ordinal));
        Assert.Equal("break set", await debugger.AskAsync($"break CommandFunctions.cs {line}"));
        Assert.Equal("running", await debugger.AskAsync("go"));

        Assert.StartsWith($"stopped breakpoint {Function}(Int32 value) in ", await debugger.AskAsync("wait"), StringComparison.Ordinal);
        Assert.Equal("value=3", await debugger.AskAsync("arguments"));

        var ended = await EndAsync(replay, debugger);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("3 is odd.", ended.Error, StringComparison.Ordinal);
    }

    // A debugger must have the same temporary directory as what it looks into.
    private static Started Replay(Scratch records) =>
        Started.In(Path.GetTempPath(), Built.Multiproc, "replay", Assert.Single(Directory.GetFiles(records.Path)), "--debug");

    private static async Task<TestDebugger> AttachAsync(Started replay)
    {
        var worker = 0;
        await Eventually.TrueAsync(() => (worker = ProcessTable.Below(replay.Id).FirstOrDefault(WorkerDiagnostics.IsWaitingForDebugger)) != 0);
        var debugger = await TestDebugger.AttachAsync(worker);
        Assert.Equal("running", await debugger.AskAsync("go"));
        return debugger;
    }

    // Not detached from: on its way to its end it could be gone before that is done.
    private static async Task<Ended> EndAsync(Started replay, TestDebugger debugger)
    {
        Assert.Equal("running", await debugger.AskAsync("go"));
        Assert.Equal("stopped exit", await debugger.AskAsync("wait"));
        await debugger.CrashAsync();
        return await replay.EndAsync();
    }
}
