using System.Diagnostics;

namespace MultiProc.Attacks.Doors;

/// <summary>Texts from workers, and from what poses as a pool, that would command the user's terminal.</summary>
public sealed class TerminalSpecs : PoolSpec
{
    private const string Unsafe = "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task What_poses_as_a_pool_is_listed_without_its_escapes_and_on_lines_of_its_own()
    {
        using var scratch = new Scratch();
        const string Evil = "x\\u001b]0;title\\u0007\\u009b2J\\n\\u202ey";
        using var poser = new Poser(scratch.Path, Poser.Result(
            $$"""
            {"name":"{{Evil}}","address":"{{Evil}}","processId":4711,"program":"/{{Evil}}","isOpen":true,
             "workers":[{"slot":0,"name":"{{Evil}}","processId":1,"state":"busy","currentCall":"{{Evil}}"}],"events":[{"time":"2026-01-01T00:00:00+00:00","text":"{{Evil}}"}]}
            """.ReplaceLineEndings("")));

        var listed = await AskAsync(scratch, "ps");
        var json = await AskAsync(scratch, "ps", "--json");
        var looked = await AskAsync(scratch, "top");
        var called = await AskAsync(scratch, "call", "none", "F");

        Assert.All((Ended[])[listed, json, looked, called], static ended => Assert.DoesNotMatch(Unsafe, ended.Output + ended.Error));
        Assert.Equal((0, 0, 0, 2), (listed.ExitCode, json.ExitCode, looked.ExitCode, called.ExitCode));
        Assert.Equal(3, listed.Lines.Length);
        Assert.Contains("x␛]0;title␇", listed.Output, StringComparison.Ordinal);
        Assert.Equal("4711-1-abcdef", System.Text.Json.JsonElement.Parse(json.Output)[0].GetProperty("address").GetString());
    }

    [SpecTheory]
    [InlineData("Content-Length: 2000000000\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{\"workers\":5}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"workers\":[null]}")]
    [InlineData("{\"processId\":1e99}")]
    public async Task What_does_not_answer_as_a_pool_does_is_listed_with_that_and_hides_no_other(string answer)
    {
        using var scratch = new Scratch();
        using var poser = new Poser(scratch.Path, answer.Contains('\r', StringComparison.Ordinal) ? answer : Poser.Result(answer));
        using var other = new Poser(scratch.Path, Poser.Result("""{"name":"other","processId":4712}"""), process: 4712);

        var listed = await AskAsync(scratch, "ps");

        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        Assert.Contains("\nother ", listed.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^\\? +4711 .*4711-1-abcdef does not answer as a pool does", listed.Output);
    }

    [Spec]
    public async Task A_pool_whose_host_is_stopped_is_listed_as_one_that_does_not_answer_and_no_command_hangs()
    {
        using var scratch = new Scratch();
        var sleep = "MultiProc.TestFunctions.CommandFunctions.Sleep";
        using var serve = Started.In(scratch.Path, Built.Multiproc, "serve", Built.Functions, "--name", "stopped", "--processes", "1");
        Assert.StartsWith("Serving", await serve.Output.ReadLineAsync(Token), StringComparison.Ordinal);
        using var other = new Poser(scratch.Path, Poser.Result("""{"name":"other","processId":4712}"""), process: 4712);
        using var calling = Started.In(scratch.Path, Built.Multiproc, "call", "stopped", sleep, "300000");
        await Eventually.TrueAsync(() => AskAsync(scratch, "ps").GetAwaiter().GetResult().Output.Contains("busy  ", StringComparison.Ordinal));
        using var stopping = Started.In(scratch.Path, Built.Multiproc, "stop", "stopped");
        await Eventually.TrueAsync(() => AskAsync(scratch, "ps").GetAwaiter().GetResult().Output.Contains("(ending)", StringComparison.Ordinal));

        Posix.Signal(serve.Id, Posix.Stop);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var listed = await AskAsync(scratch, "ps");

            // Four times what is promised.
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(12));
            Assert.Contains("\nother ", listed.Output, StringComparison.Ordinal);
            Assert.Matches($"(?m)^\\? +{serve.Id} .*does not answer", listed.Output);
            var called = await AskAsync(scratch, "call", "stopped", sleep, "1");
            var looked = await AskAsync(scratch, "top", $"{serve.Id}");
            Assert.Equal((2, 2), (called.ExitCode, looked.ExitCode));
            Assert.Contains($"does not answer: of process {serve.Id}", called.Error, StringComparison.Ordinal);

            foreach (var waiting in (Started[])[calling, stopping])
            {
                // It may have said by itself that the pool does not answer.
                Posix.Signal(waiting.Id, Posix.Terminate);
                var ended = await waiting.EndedUnreadAsync();
                Assert.True(ended.ExitCode == 143 || (ended.ExitCode == 2 && ended.Error.Contains("does not answer", StringComparison.Ordinal)), $"{ended.ExitCode}: {ended.Error}");
            }
        }
        finally
        {
            Posix.Signal(serve.Id, Posix.Continue);
        }
    }

    [Spec]
    public async Task What_functions_print_keeps_its_colours_and_loses_its_other_escapes_also_where_one_spans_lines()
    {
        const string Printed = "\u001b[1;31mred\u001b[0m \u001b]0;title\u0007\u001b[2J\u009b2Jend\u001b[3\n1mnext\u001b]0;open\nlast";
        var ended = await Started.FunctionToEndAsync("Print", Printed);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("\u001b[1;31mred\u001b[0m end\n1mnext\nlast\n", ended.Error);
    }

    [Spec]
    public async Task What_functions_throw_is_safe_to_print()
    {
        var ended = await Started.FunctionToEndAsync("ThrowText", "\u001b]0;title\u0007one\ntwo\u202e", "--trace");

        Assert.Equal(1, ended.ExitCode);
        Assert.DoesNotMatch(Unsafe, ended.Error);
        Assert.Contains("␛]0;title␇one two", ended.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Spec]
    public async Task The_handler_of_output_gets_lines_as_they_are()
    {
        var lines = new List<string>();
        await using (var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Output = line => lines.Add(line.Line) }, Token))
        {
            await pool.RunAsync(static () => Console.WriteLine("\u001b]0;title\u0007x"), cancellationToken: Token);
            pool.Close();
            await pool.JoinAsync(Token);
        }

        Assert.Equal(["\u001b]0;title\u0007x"], lines);
    }

    private static async Task<Ended> AskAsync(Scratch temporary, params string[] arguments)
    {
        using var started = Started.In(temporary.Path, Built.Multiproc, arguments);
        return await started.EndAsync();
    }
}
