using System.Globalization;

namespace MultiProc.HostSpecs.Host;

/// <summary>What users of GNU parallel expect of a long run.</summary>
public sealed class LongRunSpecs : PoolSpec
{
    private const int Kill = 9;
    private const int Items = 3_000;

    [Spec]
    public async Task A_call_that_runs_past_its_limit_fails_and_the_others_are_intact()
    {
        var ended = await Started.FunctionOverLinesAsync("Sleep", "1\n60000\n2\n", "--timeout", "5s");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(["1", "2"], ended.Lines);
        Assert.Contains("line 2: 60000: it ran past its time limit of 5.0s", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_call_that_failed_is_tried_again()
    {
        using var scratch = new Scratch();
        var journal = $"\"{scratch.Journal().Path}\"";

        var ended = await Started.FunctionOverLinesAsync("SucceedAtTry", $"[3, {journal}]\n", "--retries", "2");
        var single = await Started.FunctionToEndAsync("SucceedAtTry", "9", scratch.Journal("single").Path, "--retries", "2");

        Assert.Equal((0, "3\n"), (ended.ExitCode, ended.Output));
        Assert.Equal(1, single.ExitCode);
        Assert.Contains("This is try 3.", single.Error, StringComparison.Ordinal);
    }

    [SpecTheory]
    [InlineData("soon")]
    [InlineData("now")]
    public async Task The_first_failure_halts_the_run(string halt)
    {
        using var started = Started.Multiproc(
            Started.FunctionCall("ExitIfNegative", "--range=-1..1000000000", "--processes", "2", "--halt", halt, "--output", "/dev/null"));

        var ended = await started.EndAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("number -1: the worker (process ", ended.ErrorLines[0], StringComparison.Ordinal);
    }

    [Spec]
    public async Task Results_can_be_written_as_calls_end()
    {
        var ended = await Started.FunctionOverLinesAsync("Sleep", "1500\n1\n", "--unordered", "--chunk-size", "1");

        Assert.Equal((0, "1\n1500\n"), (ended.ExitCode, ended.Output));
    }

    [Spec]
    public async Task The_job_log_has_a_line_for_each_call_with_where_and_how_it_ended()
    {
        using var scratch = new Scratch();
        var log = scratch.Mark("log").Path;

        await Started.FunctionOverLinesAsync("Half", "2\n3\n\"a\"\n\n4\n", "--joblog", log);

        var lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.StartsWith("# multiproc run: {\"assembly\":", lines[0], StringComparison.Ordinal);
        Assert.Equal("item\tworker\tpid\tstart\tseconds\ttries\texit\toutput_bytes", lines[1]);
        Assert.Equal(["1 done", "2 failed", "3 invalid", "5 done"], lines.Skip(2).Select(static line => line.Split('\t')).Select(static columns => $"{columns[0]} {columns[6]}"));
        Assert.All(lines.Skip(2), static line => Assert.Matches(@"^\d\tw[01]\t\d+\t\d{4}-\d\d-\d\dT[^\t]+Z\t\d+\.\d{6}\t1\t[a-z]+\t-$", line));
    }

    [Spec]
    public async Task A_run_with_failures_that_goes_on_fails_until_they_have_been_run_again()
    {
        using var scratch = new Scratch();
        var (log, output, journal) = (scratch.Mark("log").Path, scratch.Mark("out").Path, scratch.Journal());
        var input = scratch.Mark("in").Path;
        await File.WriteAllTextAsync(input, $"[1, \"{scratch.Journal("first").Path}\"]\n[2, \"{journal.Path}\"]\n", TestContext.Current.CancellationToken);
        string[] run = Started.FunctionCall("SucceedAtTry", "--input", input, "--output", output, "--joblog", log);

        var first = await Started.CommandToEndAsync(run);
        var resumed = await Started.CommandToEndAsync([.. run, "--resume"]);
        var repaired = await Started.CommandToEndAsync([.. run, "--resume-failed"]);
        var done = await Started.CommandToEndAsync([.. run, "--resume"]);

        Assert.Equal([1, 1, 0, 0], new[] { first, resumed, repaired, done }.Select(static ended => ended.ExitCode));
        Assert.Contains("2 of the calls are in the job log already, and are left out. 1 of them failed: --resume-failed runs those again.", resumed.Error, StringComparison.Ordinal);
        Assert.Equal("1\n2\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(["try", "try"], journal.Lines());
    }

    [SpecTheory]
    [InlineData()]
    [InlineData("--unordered")]
    public async Task A_run_that_was_killed_goes_on_where_it_stopped(params string[] order)
    {
        using var scratch = new Scratch();
        var (log, output, journal) = (scratch.Mark("log").Path, scratch.Mark("out").Path, scratch.Journal());
        var input = scratch.Mark("in").Path;
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, Items).Select(item => $"[{item}, \"{journal.Path}\"]"), TestContext.Current.CancellationToken);
        string[] command = Started.FunctionCall(
            "NoteAndDouble", ["--input", input, "--output", output, "--joblog", log, "--resume", "--processes", "2", .. order]);

        var kills = 0;
        for (var goal = Items / 4; goal < Items; goal += Items / 4)
        {
            using var started = Started.Multiproc(command);
            await Eventually.TrueAsync(() => LoggedIn(log).Count > goal);
            Posix.Signal(started.Id, Kill);
            await started.EndedUnreadAsync();
            kills++;

            // What was logged by now must not be begun again: the journal is compared below.
            await File.WriteAllLinesAsync(scratch.Mark($"logged{kills}").Path, LoggedIn(log), TestContext.Current.CancellationToken);
            journal.Add($"-{kills}");
        }

        var ended = await Started.CommandToEndAsync(command);

        Assert.Equal(0, ended.ExitCode);
        var results = (await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken)).Select(static line => int.Parse(line, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, Items).Select(static item => 2 * item), order.Length == 0 ? results : results.Order());
        AssertNothingLoggedRanAgain(scratch, journal);
    }

    [Spec]
    public async Task A_log_that_is_there_or_belongs_to_another_run_is_not_overwritten()
    {
        using var scratch = new Scratch();
        var log = scratch.Mark("log").Path;
        await Started.FunctionToEndAsync("Half", "--range", "0..1", "--joblog", log);

        var again = await Started.FunctionToEndAsync("Half", "--range", "0..1", "--joblog", log);
        var other = await Started.FunctionToEndAsync("Half", "--range", "0..9", "--joblog", log, "--resume");
        await File.WriteAllTextAsync(log, "precious", TestContext.Current.CancellationToken);
        var stranger = await Started.FunctionToEndAsync("Half", "--range", "0..1", "--joblog", log, "--resume");

        Assert.Equal((2, 2, 2), (again.ExitCode, other.ExitCode, stranger.ExitCode));
        Assert.Contains("Give --resume to go on", again.Error, StringComparison.Ordinal);
        Assert.Contains("belongs to another run", other.Error, StringComparison.Ordinal);
        Assert.Contains("is not a job log", stranger.Error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    private static HashSet<string> LoggedIn(string log)
    {
        if (!File.Exists(log))
        {
            return [];
        }

        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var text = new StreamReader(file).ReadToEnd();

        // Without what stands behind the last line end: it may be half a line.
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(static line => line.Split('\t')[0])];
    }

    // The journal holds every call that began, and a mark for each kill; items are lines, from 1, and their values begin at 0.
    private static void AssertNothingLoggedRanAgain(Scratch scratch, Journal journal)
    {
        var logged = new HashSet<int>();
        foreach (var line in journal.Lines().Select(static line => int.Parse(line, CultureInfo.InvariantCulture)))
        {
            if (line < 0)
            {
                logged.UnionWith(File.ReadAllLines(scratch.Mark($"logged{-line}").Path).Select(static item => int.Parse(item, CultureInfo.InvariantCulture) - 1));
            }
            else
            {
                Assert.DoesNotContain(line, logged);
            }
        }
    }
}
