using System.Globalization;
using System.Text.Json;
using MultiProc.HostSpecs.Debugging;

namespace MultiProc.HostSpecs.Host;

/// <summary>The verbs that look into workers, and make recorded calls again.</summary>
public sealed class DebugVerbSpecs : PoolSpec
{
    [Spec]
    public async Task Stack_shows_where_a_worker_is_and_says_why_it_cannot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Stacks can be taken on Linux only.");
        using var scratch = new Scratch();
        var enough = scratch.Mark("enough");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Name = "looked-at" });
        var call = pool.ApplyAsync(Debugged.Walk, "stack", enough);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);

        foreach (var worker in (string[])[$"{Environment.ProcessId}/w0", "looked-at/w0"])
        {
            // Pools are found by their names in the temporary directory that is theirs.
            using var stack = Started.In(Path.GetTempPath(), Built.Multiproc, "stack", worker);
            var shown = await stack.EndAsync();
            Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
            Assert.Contains("at MultiProc.HostSpecs.Debugging.Debugged.Walk(String label, Mark enough) in ", shown.Output, StringComparison.Ordinal);
        }

        enough.Set();
        Assert.Equal(210, await call);
        var ended = await Started.MultiprocToEndAsync("stack", "w77");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("There is no worker 'w77'", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Dump_and_stack_stay_away_while_a_debugger_is_attached()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(1);
        var worker = pool.Workers[0].ProcessId.ToString(CultureInfo.InvariantCulture);
        var file = Path.Combine(scratch.Path, "worker.dmp");
        using (var debugger = await TestDebugger.AttachAsync(pool.Workers[0].ProcessId))
        {
            foreach (var verb in (string[][])[["dump", worker, "--output", file], ["stack", worker]])
            {
                var refused = await Started.MultiprocToEndAsync(verb);
                Assert.Equal(1, refused.ExitCode);
                Assert.Contains("debugger is attached", refused.Error, StringComparison.Ordinal);
            }

            await debugger.DetachAsync();
        }

        var ended = await Started.MultiprocToEndAsync("dump", worker, "--type", "mini", "--output", file);

        Assert.Equal((0, file + Environment.NewLine), (ended.ExitCode, ended.Output));
        Assert.True(new FileInfo(file).Length > 1_000_000);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task Debug_wait_returns_when_the_worker_waits_and_attach_info_says_what_to_paste()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Whether a worker waits is known on Linux only.");
        var name = "s" + (Environment.ProcessId % 100_000);
        using var waiting = Started.Multiproc("debug", "wait", name + ":w0");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            WorkerProcessName = name,
            Debugging = WorkerDebugging.WaitForDebugger(),
        });

        var ended = await waiting.EndAsync();

        Assert.Equal((0, $"{pool.Workers[0].ProcessId}{Environment.NewLine}"), (ended.ExitCode, ended.Output));
        ended = await Started.MultiprocToEndAsync("debug", "attach-info", name + ":w0", "--vscode");
        Assert.Contains("waits for a debugger", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"\"processId\": {pool.Workers[0].ProcessId}", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gdb", ended.Output, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Init_vscode_writes_entries_that_fit_each_other_and_overwrites_nothing()
    {
        using var scratch = new Scratch();
        var ended = await Started.MultiprocInAsync(scratch.Path, "debug", "init-vscode", "--workers", "3");
        Assert.Equal(0, ended.ExitCode);

        using var launch = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, ".vscode", "launch.json")));
        using var tasks = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, ".vscode", "tasks.json")));

        var configurations = launch.RootElement.GetProperty("configurations").EnumerateArray().ToList();
        var names = configurations.ConvertAll(static entry => entry.GetProperty("name").GetString());
        var labels = tasks.RootElement.GetProperty("tasks").EnumerateArray().Select(static task => task.GetProperty("label").GetString()).ToList();
        Assert.Equal(3, labels.Count);
        Assert.Equal(labels, configurations.Where(static entry => entry.TryGetProperty("preLaunchTask", out _)).Select(static entry => entry.GetProperty("preLaunchTask").GetString()));
        Assert.All(
            launch.RootElement.GetProperty("compounds").EnumerateArray().SelectMany(static compound => compound.GetProperty("configurations").EnumerateArray()),
            configuration => Assert.Contains(configuration.GetString(), names));
        Assert.Equal(2, (await Started.MultiprocInAsync(scratch.Path, "debug", "init-vscode")).ExitCode);
    }

    [Spec]
    public async Task Replay_and_show_take_a_record()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, RecordDirectory = scratch.Path });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.ApplyAsync(Recorded.Sell, new Recorded.Order("tea", 3, []), 5));
        var record = Assert.Single(Directory.GetFiles(scratch.Path));

        var shown = await Started.MultiprocToEndAsync("show", record);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("MultiProc.HostSpecs.Debugging.Recorded.Sell", shown.Output, StringComparison.Ordinal);
        Assert.Contains("order = MultiProc.HostSpecs.Debugging.Recorded.Order {\"Article\": \"tea\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Only 3 of tea are left.", shown.Output, StringComparison.Ordinal);

        foreach (var arguments in (string[][])[["replay", record], ["replay", record, "--in-process"]])
        {
            var replayed = await Started.MultiprocToEndAsync(arguments);
            Assert.Equal((1, ""), (replayed.ExitCode, replayed.Output));
            Assert.Contains("Recorded.cs:line", replayed.Error, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(record, "nonsense");
        Assert.Equal(2, (await Started.MultiprocToEndAsync("replay", record)).ExitCode);
    }

    [Spec]
    public async Task Run_records_a_line_that_fails_and_replay_takes_it_from_there()
    {
        using var scratch = new Scratch();
        var ended = await Started.FunctionOverLinesAsync("Half", "2\n3\n4\n", "--record", Path.Combine(scratch.Path, "failed"));
        Assert.Equal(1, ended.ExitCode);
        var record = Assert.Single(Directory.GetFiles(Path.Combine(scratch.Path, "failed")));
        Assert.Contains("multiproc replay " + record, ended.Error, StringComparison.Ordinal);

        var replayed = await Started.MultiprocToEndAsync("replay", record);

        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains("item 1 of its map", replayed.Error, StringComparison.Ordinal);
        Assert.Contains("CommandFunctions.Half", replayed.Error, StringComparison.Ordinal);
    }
}
