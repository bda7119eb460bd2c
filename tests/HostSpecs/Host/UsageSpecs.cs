namespace MultiProc.HostSpecs.Host;

public sealed class UsageSpecs : PoolSpec
{
    [SpecTheory]
    [InlineData("there is no verb 'rnu'. Did you mean run?", "rnu")]
    [InlineData("there is no option '--terns'. Did you mean --terms?", "pi", "--terns", "5")]
    [InlineData("--terms takes a whole number from 1 to 1,000,000,000,000, not 'many'.", "pi", "--terms", "many")]
    [InlineData("multiproc pi: '5' is one argument too many. See multiproc pi --help.", "pi", "5")]
    [InlineData("multiproc debug wait: '5' is one argument too many. See multiproc debug wait --help.", "debug", "wait", "w2", "5")]
    [InlineData("multiproc debug: there is no verb 'wiat'. Did you mean wait? See multiproc debug --help.", "debug", "wiat")]
    [InlineData("'FUNCTION' missing", "run", "a.dll")]
    [InlineData("there is no option '--proceses'. Did you mean --processes? To pass it to the function, put -- before it.", "run", "a.dll", "T.M", "--proceses", "3")]
    [InlineData("ARGS and --range exclude each other", "run", "a.dll", "T.M", "1", "--range", "0..5")]
    [InlineData("--range takes A..B, two whole numbers of which the first is not the larger, such as 0..10; not '5..1'.", "run", "a.dll", "T.M", "--range", "5..1")]
    [InlineData("--timeout takes a time from 1ms to 24 days", "run", "a.dll", "T.M", "--timeout", "soon")]
    [InlineData("--halt takes never, soon or now, not 'son'. Did you mean soon?", "run", "a.dll", "T.M", "--range", "0..5", "--halt", "son")]
    [InlineData("--joblog is for many calls: give --input or --range, too.", "run", "a.dll", "T.M", "1", "--joblog", "x")]
    [InlineData("--resume needs --joblog FILE", "run", "a.dll", "T.M", "--range", "0..5", "--resume")]
    [InlineData("--resume-failed needs --joblog FILE", "run", "a.dll", "T.M", "--range", "0..5", "--resume-failed")]
    [InlineData("--tag is for many calls: give --input or --range, too.", "run", "a.dll", "T.M", "1", "--tag")]
    [InlineData("--dry-run makes no call, so it has nothing for --output", "run", "a.dll", "T.M", "--range", "0..5", "--dry-run", "--output", "x")]
    [InlineData("a.dll. Build the project, and give the path of its .dll.", "run", "a.dll", "T.M")]
    public async Task A_wrong_command_line_ends_with_exit_code_2_and_one_line(string reason, params string[] arguments)
    {
        var ended = await Started.CommandToEndAsync(arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(reason, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [SpecTheory]
    [InlineData("Did you mean MultiProc.TestFunctions.CommandFunctions.Reverse?", "Revers", "x")]
    [InlineData("Describe does not take 3 arguments: there is Describe(int) and Describe(int, int).", "Describe", "1", "2", "3")]
    [InlineData("2 overloads of MultiProc.TestFunctions.CommandFunctions.Mixed fit equally well: Mixed(int, string) and Mixed(string, int).", "Mixed", "1", "2")]
    [InlineData("None of the 2 overloads of MultiProc.TestFunctions.CommandFunctions.Mixed that take 2 arguments fits: a does not fit", "Mixed", "a", "b")]
    [InlineData("'z' could not be mapped", "Mirror", "{\"x\": 1, \"y\": 2, \"z\": 3}")]
    [InlineData("missing required properties including: 'Y'", "Mirror", "{\"x\": 1}")]
    [InlineData("x does not fit parameter 'value' of type int.", "Half", "x")]
    [InlineData("the trouble is at $.x", "Mirror", "{\"x\": \"1\", \"y\": 2}")]
    [InlineData("Echo cannot be called from the command line: it is generic.", "Echo", "1")]
    [InlineData("its parameter 'text' cannot be written as JSON", "Length", "x")]
    public async Task A_call_that_cannot_be_made_ends_with_exit_code_2_and_one_line(string reason, string function, params string[] arguments)
    {
        var ended = await Started.FunctionToEndAsync(function, arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(reason, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_file_that_is_no_assembly_is_told()
    {
        var ended = await Started.CommandToEndAsync("run", Path.Combine(Built.Root, "MultiProc.sln"), "T.M");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("cannot be loaded as a .NET assembly", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [SpecTheory]
    [InlineData("run", "Add", "1", "2", "--debug-worker", "9")]
    [InlineData("serve", "--processes", "2", "--debug-worker", "w9")]
    public async Task A_worker_that_will_not_be_there_cannot_be_debugged(string verb, params string[] arguments)
    {
        var ended = await Started.CommandToEndAsync(
            verb == "run" ? Started.FunctionCall(arguments[0], arguments[1..]) : [verb, Built.Functions, .. arguments]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"multiproc {verb}: --debug-worker 9 names no worker: ", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        Assert.EndsWith(", or give --processes 10.", ended.ErrorLines[0], StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_misspelt_function_does_not_cost_the_output_of_an_earlier_run()
    {
        using var scratch = new Scratch();
        var output = Path.Combine(scratch.Path, "results.jsonl");
        await File.WriteAllTextAsync(output, "precious", TestContext.Current.CancellationToken);

        var ended = await Started.FunctionToEndAsync("Hal", "--range", "0..3", "--output", output);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal("precious", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
    }

    [Spec]
    public async Task Each_verb_has_help_with_examples_and_each_of_its_options_is_documented()
    {
        var overview = await Started.MultiprocToEndAsync("--help");
        var verbs = overview.Lines.SkipWhile(static line => line != "Commands:").Skip(1)
            .Select(static line => line.Trim().Split(' ')[0]).Where(static verb => verb.Length > 0).ToArray();
        Assert.Superset(new HashSet<string>(["pi", "run", "serve", "call", "map", "ps", "top", "stop", "kill", "recycle", "resize", "completion"]), verbs.ToHashSet());

        var documentation = Built.Read("docs/cli.md");
        foreach (var verb in verbs)
        {
            var ended = await Started.CommandToEndAsync(verb, "--help");

            Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
            Assert.Contains($"Examples:\n", ended.Output, StringComparison.Ordinal);
            Assert.Contains($"    multiproc {verb}", ended.Output, StringComparison.Ordinal);
            Assert.Contains($"## `multiproc {verb}", documentation, StringComparison.Ordinal);
            var section = documentation[documentation.IndexOf($"## `multiproc {verb}", StringComparison.Ordinal)..];
            var end = section.IndexOf("\n## ", StringComparison.Ordinal);
            section = end < 0 ? section : section[..end];
            Assert.All(OptionsIn(ended), option => Assert.Contains($"`{option}", option == "--help" ? documentation : section, StringComparison.Ordinal));
        }
    }

    [SpecTheory]
    [InlineData("multiproc se", "serve")]
    [InlineData("multiproc run --h", "--halt")]
    [InlineData("multiproc completion z", "zsh")]
    public async Task Shells_are_told_how_to_complete(string line, string suggestion)
    {
        var ended = await Started.CommandToEndAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(suggestion, ended.Lines);
    }

    private static string[] OptionsIn(Ended help) =>
        [.. help.Lines.Where(static line => line.StartsWith("  -", StringComparison.Ordinal))
            .SelectMany(static line => line.Split("   ")[0].Split(' ', ',')).Where(static word => word.StartsWith("--", StringComparison.Ordinal))];

    [Spec]
    public async Task The_version_is_told()
    {
        var ended = await Started.MultiprocToEndAsync("--version");

        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", ended.Output);
    }
}
