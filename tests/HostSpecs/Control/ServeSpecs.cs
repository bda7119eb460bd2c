using System.Text.Json;

namespace MultiProc.HostSpecs.Control;

public sealed class ServeSpecs : PoolSpec
{
    private const int Interrupt = 2;
    private const string Functions = ServedPool.Functions + "CommandFunctions.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task A_served_pool_is_called_from_another_terminal()
    {
        using var pool = await ServedPool.StartAsync();

        var added = await pool.AskAsync("call", "tested", ServedPool.Functions + "Arithmetic.Add", "1", "2");
        var reversed = await pool.AskAsync("call", "tested", Functions + "Reverse", "5");
        var failed = await pool.AskAsync("call", "tested", Functions + "Half", "3");
        var unfit = await pool.AskAsync("call", "tested", Functions + "Half", "x");
        var lost = await pool.AskAsync("call", "tested", Functions + "ExitIfNegative", "--", "-1");
        var late = await pool.AskAsync("call", "tested", Functions + "Sleep", "60000", "--timeout", "200ms");
        var unknown = await pool.AskAsync("call", "tested", Functions + "Revers", "5");
        var nowhere = await pool.AskAsync("call", "testd", Functions + "Reverse", "5");

        Assert.Equal((0, "3\n"), (added.ExitCode, added.Output));
        Assert.Equal((0, "\"5\"\n"), (reversed.ExitCode, reversed.Output));
        Assert.Equal((1, $"{Functions}Half: System.IO.InvalidDataException: 3 is odd.\n"), (failed.ExitCode, failed.Error));
        Assert.Equal(2, unfit.ExitCode);
        Assert.Contains("x does not fit parameter 'value' of type int.", unfit.Error, StringComparison.Ordinal);
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("ended with exit code 7 during this call.", lost.Error, StringComparison.Ordinal);
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("it ran past its time limit of 0.2s", late.Error, StringComparison.Ordinal);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains($"Did you mean {Functions}Reverse?", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("There is no pool 'testd'. Did you mean tested?", nowhere.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_served_pool_maps_over_an_input()
    {
        using var pool = await ServedPool.StartAsync();
        using var map = pool.Start("map", "tested", Functions + "Half", "--input", "-");
        var lines = Enumerable.Range(0, 5_000).Select(static line => line == 4_321 ? "{bad" : $"{line}");

        var ended = await map.EndAsync(string.Join('\n', lines));

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(Enumerable.Range(0, 2_500).Select(static half => $"{half}"), ended.Lines);
        Assert.Contains("line 4322: {bad is not JSON.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("line 2: 1: System.IO.InvalidDataException: 1 is odd.", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Whoever_calls_from_another_terminal_is_told_where_the_failed_call_is_recorded()
    {
        const string Hint = " To make it again: multiproc replay ";
        using var records = new Scratch();
        using var pool = await ServedPool.StartAsync("--record", records.Path);

        var failed = await pool.AskAsync("call", "tested", Functions + "Half", "3");
        using var map = pool.Start("map", "tested", Functions + "Half", "--input", "-");
        var mapped = await map.EndAsync("4\n5\n");

        foreach (var error in (string[])[failed.Error, mapped.Error.Split('\n')[0]])
        {
            var record = error[(error.IndexOf(Hint, StringComparison.Ordinal) + Hint.Length)..].TrimEnd();
            var again = await pool.AskAsync("replay", record);
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("is odd.", again.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, Directory.GetFiles(records.Path).Length);
    }

    [Spec]
    public async Task Only_what_the_operator_allows_can_be_called()
    {
        using var pool = await ServedPool.StartAsync("--allow", "*.Add");

        var allowed = await pool.AskAsync("call", "tested", ServedPool.Functions + "Arithmetic.Add", "1", "2");
        var other = await pool.AskAsync("call", "tested", ServedPool.Functions + "Arithmetic.Square", "2");

        Assert.EndsWith("1 function: MultiProc.TestFunctions.Arithmetic.Add", pool.Greeting, StringComparison.Ordinal);
        Assert.Equal(0, allowed.ExitCode);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("does not serve", other.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task It_is_listed_watched_and_given_orders_from_another_terminal()
    {
        using var pool = await ServedPool.StartAsync();
        using var call = pool.Start("call", "tested", Functions + "Sleep", "300000");
        JsonElement Look() => JsonElement.Parse(pool.AskAsync("ps", "--json").GetAwaiter().GetResult().Output)[0];
        await Eventually.TrueAsync(() => Look().GetProperty("statistics").GetProperty("busy").GetInt32() == 1);

        var listed = await pool.AskAsync("ps");
        var seen = await pool.AskAsync("top");
        var worker = Look().GetProperty("workers").EnumerateArray().Single(static one => one.GetProperty("state").GetString() == "busy").GetProperty("name").GetString()!;
        var killed = await pool.AskAsync("kill", "tested", worker);
        var lost = await call.EndedUnreadAsync();
        await Eventually.TrueAsync(() => Look().GetProperty("workers").EnumerateArray().All(static one => one.GetProperty("state").GetString() == "idle"));
        var resized = await pool.AskAsync("resize", "tested", "1");
        var recycled = await pool.AskAsync("recycle", $"{pool.Id}");
        var none = await pool.AskAsync("kill", "tested", "w9");
        var wrong = await pool.AskAsync("kill", "tested", "x");

        Assert.Matches($@"(?m)^tested +{pool.Id} ", listed.Output);
        Assert.Matches($@"(?m)^  {worker} +\d+  busy +\d done .* in {Functions}Sleep for ", listed.Output);
        Assert.Contains($"in {Functions}Sleep for ", seen.Output, StringComparison.Ordinal);
        Assert.Equal((0, $"Killed {worker}\n"), (killed.ExitCode, killed.Output));
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("SIGTERM", lost.Error, StringComparison.Ordinal);
        Assert.Equal((0, "The pool has 1 worker.\n"), (resized.ExitCode, resized.Output));
        Assert.Equal((0, "Being replaced: w0\n"), (recycled.ExitCode, recycled.Output));
        Assert.Equal((2, 2), (none.ExitCode, wrong.ExitCode));
    }

    [Spec]
    public async Task It_ends_when_its_calls_have_ended()
    {
        using var scratch = new Scratch();
        var goOn = scratch.Mark("go");
        using var pool = await ServedPool.StartAsync();
        using var call = pool.Start("call", "tested", Functions + "WaitForFile", goOn.Path);
        await Eventually.TrueAsync(() => pool.AskAsync("ps").GetAwaiter().GetResult().Output.Contains("busy  ", StringComparison.Ordinal));

        using var stop = pool.Start("stop", "tested");
        Assert.Equal("Ending: 1 call to finish.", await LineAsync(pool, static line => line.StartsWith("Ending", StringComparison.Ordinal)));
        goOn.Set();
        var (called, stopped, ended) = (await call.EndAsync(), await stop.EndAsync(), await pool.EndAsync());

        Assert.Equal((0, "true\n"), (called.ExitCode, called.Output));
        Assert.Equal((0, 0), (stopped.ExitCode, ended.ExitCode));
        Assert.Matches("The pool has ended: \\d calls done, 0 failed.", ended.Error);
    }

    [Spec]
    public async Task A_second_signal_ends_it_at_once()
    {
        using var pool = await ServedPool.StartAsync();
        using var call = pool.Start("call", "tested", Functions + "Sleep", "300000");
        await Eventually.TrueAsync(() => pool.AskAsync("ps").GetAwaiter().GetResult().Output.Contains("busy  ", StringComparison.Ordinal));

        pool.Signal(Interrupt);
        await LineAsync(pool, static line => line == "Ending: 1 call to finish.");
        pool.Signal(Interrupt);

        Assert.Equal(130, (await pool.EndAsync()).ExitCode);
        Assert.Equal(1, (await call.EndedUnreadAsync()).ExitCode);
    }

    private static async Task<string> LineAsync(ServedPool pool, Func<string, bool> isWanted)
    {
        while (true)
        {
            var line = await pool.Output.ReadLineAsync(Token);
            Assert.NotNull(line);
            if (isWanted(line))
            {
                return line;
            }
        }
    }
}
