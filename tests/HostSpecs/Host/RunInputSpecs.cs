namespace MultiProc.HostSpecs.Host;

public sealed class RunInputSpecs : PoolSpec
{
    [Spec]
    public async Task Results_come_in_the_order_of_the_range_without_its_end()
    {
        var ended = await Started.CommandToEndAsync("run", Built.Functions, "MultiProc.TestFunctions.Arithmetic.Square", "--range", "-2..20000", "-p", "2");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(Enumerable.Range(-2, 20_002).Select(static number => $"{number * number}"), ended.Lines);
        Assert.Matches(@"^20,002 calls in [\d.,]+ s \([\d,]+/s\), 0 failed\n$", ended.Error);
    }

    [Spec]
    public async Task A_line_is_a_value_or_an_array_of_arguments()
    {
        var ended = await Started.FunctionOverLinesAsync("Describe", "1\n[2]\n\n[3, 4]\n");

        Assert.Equal(["\"the number 1\"", "\"the number 2\"", "\"the numbers 3 and 4\""], ended.Lines);
    }

    [Spec]
    public async Task An_array_is_one_argument_for_a_function_that_takes_a_list()
    {
        var ended = await Started.FunctionOverLinesAsync("Longest", "[\"a\", \"bbb\"]\n[\"cc\"]");

        Assert.Equal(["3", "2"], ended.Lines);
    }

    [Spec]
    public async Task A_failed_call_is_told_with_its_line_and_the_others_are_intact()
    {
        var ended = await Started.FunctionOverLinesAsync("ExitIfNegative", "10\n-11\n12\n");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(["10", "12"], ended.Lines);
        Assert.StartsWith("line 2: -11: the worker (process ", ended.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("3 calls in ", ended.ErrorLines[1][..11], StringComparison.Ordinal);
    }

    [Spec]
    public async Task Lines_that_do_not_fit_are_told_and_the_others_are_intact()
    {
        var ended = await Started.FunctionOverLinesAsync("Half", "2\n\"a\"\n{bad\n[1, 2]\n8\n");

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(["1", "4"], ended.Lines);
        Assert.StartsWith("line 2: \"a\" does not fit parameter 'value' of type int.", ended.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith("line 3: {bad is not JSON.", ended.ErrorLines[1], StringComparison.Ordinal);
        Assert.StartsWith("line 4: MultiProc.TestFunctions.CommandFunctions.Half does not take 2 arguments", ended.ErrorLines[2], StringComparison.Ordinal);
    }

    [Spec]
    public async Task Raw_lines_are_text_and_so_are_their_results()
    {
        var ended = await Started.FunctionOverLinesAsync("EchoText", "5\n\n\"quoted\"\n{bad\r\n", "--raw");
        var numbers = await Started.FunctionOverLinesAsync("Half", "4\n", "--raw", "--tag");

        Assert.Equal((0, "5\n\n\"quoted\"\n{bad\n"), (ended.ExitCode, ended.Output));
        Assert.Equal("4\t2\n", numbers.Output);
    }

    [Spec]
    public async Task Items_may_stand_before_NUL_characters_as_find_writes_them()
    {
        var ended = await Started.FunctionOverLinesAsync("Reverse", "a\nb\0c d\0", "-0");

        Assert.Equal((0, "b\na\0d c\0"), (ended.ExitCode, ended.Output));
    }

    [Spec]
    public async Task A_dry_run_says_which_calls_would_be_made_and_makes_none()
    {
        var lines = await Started.FunctionOverLinesAsync("ExitIfNegative", "-1\n\"x\"\n2\n", "--dry-run");
        var single = await Started.FunctionToEndAsync("Greet", "Bob", "--dry-run");

        Assert.Equal(2, lines.ExitCode);
        Assert.Equal(["MultiProc.TestFunctions.CommandFunctions.ExitIfNegative(value: -1)", "MultiProc.TestFunctions.CommandFunctions.ExitIfNegative(value: 2)"], lines.Lines);
        Assert.StartsWith("line 2: \"x\" does not fit parameter 'value' of type int.", lines.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal((0, "MultiProc.TestFunctions.CommandFunctions.Greet(name: \"Bob\", greeting: \"Hello\")\n"), (single.ExitCode, single.Output));
    }

    [Spec]
    public async Task Files_are_read_and_written()
    {
        using var scratch = new Scratch();
        var (input, output) = (Path.Combine(scratch.Path, "in.jsonl"), Path.Combine(scratch.Path, "out.jsonl"));
        await File.WriteAllTextAsync(input, "[1, 2]\r\n[3, 4]", TestContext.Current.CancellationToken);

        var ended = await Started.CommandToEndAsync(
            "run", Built.Functions, "MultiProc.TestFunctions.Arithmetic.Add", "--input", input, "--output", output, "--chunk-size", "1");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Output));
        Assert.Equal("3\n7\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
    }

    [Spec]
    public async Task Nothing_to_call_is_no_failure()
    {
        var ended = await Started.FunctionOverLinesAsync("Half", "");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Output));
    }

    [Spec]
    public async Task A_reader_that_goes_away_ends_the_run_quietly()
    {
        using var started = Started.Multiproc(Started.FunctionCall("Sleep", "--range", "0..1000000", "--processes", "2"));

        Assert.Equal("0", await started.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        started.Output.Close();

        var ended = await started.EndedUnreadAsync();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
    }

    [Spec]
    public async Task Results_that_cannot_be_written_are_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");

        var ended = await Started.CommandToEndAsync(
            "run", Built.Functions, "MultiProc.TestFunctions.Arithmetic.Square", "--range", "0..10", "--output", "/dev/full");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("No space left", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }
}
