namespace MultiProc.HostSpecs.Host;

public sealed class RunArgumentSpecs : PoolSpec
{
    [SpecTheory]
    [InlineData("\"olleh\"", "Reverse", "hello")]
    [InlineData("\"5\"", "Reverse", "5")]
    [InlineData("\"--ssecorp\"", "Reverse", "--", "process--")]
    [InlineData("\"Hello, Bob!\"", "Greet", "Bob")]
    [InlineData("\"Hi, Bob!\"", "Greet", "Bob", "Hi")]
    [InlineData("0", "Total")]
    [InlineData("6", "Total", "1", "2", "3")]
    [InlineData("9", "Total", "[4, 5]")]
    [InlineData("-3", "Total", "-3")]
    [InlineData("\"Tuesday\"", "After", "Monday")]
    [InlineData("{\"X\":2,\"Y\":1}", "Mirror", "{\"x\": 1, \"y\": 2}")]
    [InlineData("{\"Item1\":3,\"Item2\":1}", "Divide", "7", "2")]
    [InlineData("\"the number 1\"", "Describe", "1")]
    [InlineData("\"the numbers 1 and 2\"", "Describe", "1", "2")]
    [InlineData("\"string 1\"", "Same(string)", "1")]
    [InlineData("\"int 1\"", "Same", "1")]
    [InlineData("\"string one\"", "Same", "one")]
    [InlineData("\"int 1, string b\"", "Mixed", "1", "b")]
    [InlineData("\"string a, int 2\"", "Mixed", "a", "2")]
    [InlineData("\"text {}\"", "Read", "{}")]
    [InlineData("\"child 3\"", "Child.Which", "3")]
    [InlineData("\"parent 3\"", "Parent.Which", "3")]
    [InlineData("\"{a: [Int64, Double, String, Boolean, null]}\"", "KindsOf", "{\"a\": [1, 1.5, \"x\", true, null]}")]
    [InlineData("{\"Radius\":2,\"Name\":\"shape\"}", "OneShape")]
    [InlineData("3", "AddLaterAsync", "1", "2")]
    [InlineData("\"größer\"", "SoonAsync", "größer")]
    [InlineData("null", "DoNothingAsync")]
    [InlineData("8", "Nested.Twice", "4")]
    [InlineData("\"w0\"", "ContextName")]
    public async Task A_function_is_called_once_with_the_arguments_of_the_command_line(string result, string function, params string[] arguments)
    {
        var ended = await Started.FunctionToEndAsync(function, arguments);

        Assert.Equal((0, result + "\n", ""), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Spec]
    public async Task What_a_function_prints_does_not_mix_with_results()
    {
        var ended = await Started.FunctionToEndAsync("Print", "hello");

        Assert.Equal((0, "null\n", "hello\n"), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Spec]
    public async Task The_assembly_runs_in_a_worker_only()
    {
        using var started = Started.Multiproc(Started.FunctionCall("ProcessId"));

        var ended = await started.EndAsync();

        Assert.NotEqual($"{started.Id}\n", ended.Output);
        Assert.Matches(@"^\d+\n$", ended.Output);
    }

    [SpecTheory]
    [InlineData("System.IO.InvalidDataException: 3 is odd.", "Half", "3")]
    [InlineData("MultiProc.TestFunctions.CommandFunctions+OwnException: of its own type", "ThrowOwn")]
    [InlineData("ended with exit code 7 during this call", "ExitIfNegative", "-1")]
    [InlineData("cannot be written as JSON", "Cyclic")]
    [InlineData("cannot be written as JSON", "SquareRoot", "-1")]
    [InlineData("JSON shows nothing of the state of Envelope", "Sealed")]
    [InlineData("A Circle stands where Shape is declared", "Shapes")]
    [InlineData("JSON shows the items of a TitledList, and not its Title", "Titled")]
    public async Task A_call_that_fails_ends_with_exit_code_1_and_one_line(string reason, string function, params string[] arguments)
    {
        var ended = await Started.FunctionToEndAsync(function, arguments);

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(reason, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Spec]
    public async Task The_stack_trace_is_shown_on_request()
    {
        var ended = await Started.FunctionToEndAsync("Half", "3", "--trace");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("CommandFunctions.cs:line", ended.Error, StringComparison.Ordinal);
    }
}
