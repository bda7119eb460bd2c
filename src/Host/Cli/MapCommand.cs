using System.CommandLine;
using MultiProc.Host.Pools;
using MultiProc.Host.Run;
using MultiProc.Host.Run.Display;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc map</c>: one call of a served pool for each item of an input.</summary>
internal static class MapCommand
{
    public static Command Create()
    {
        var pool = PoolArguments.Name();
        var function = PoolArguments.Function(pool);
        var input = InputOptions.Input();
        var range = InputOptions.Range();
        var output = InputOptions.Output();
        var timeout = DurationOption.Create("--timeout", "How long one call may run, such as 500ms, 10s or 5m. Default: what the pool allows.");
        var trace = new Option<bool>("--trace") { Description = "Show the stack traces of failed calls." };
        var verb = new Verb(
            "map",
            "Calls a function of a served pool once for each item of an input.",
            ("map WordCount WordCount.Counter.CountFile --input paths.jsonl", "For each line of a file"),
            ("map Tools Tools.Math.IsPrime --range 1..1000000 --output primes.jsonl", "For each number from 1 to 999999"))
        {
            Notes = """
                Results are JSON, one line per call, in the order of the input; a failed call has no line there.

                Exit codes: 0 all succeeded; 1 a call failed; 2 the command or a line of input is wrong; 130 Ctrl-C.
                """,
        };
        verb.Add(pool);
        verb.Add(function);
        verb.Add(input);
        verb.Add(range);
        verb.Add(output);
        verb.Add(timeout);
        verb.Add(trace);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(input) is null == result.GetResult(range) is null)
            {
                result.AddError("give --input or --range, one of them.");
            }
        });
        verb.SetAction((parsed, _) => Outcome.OfClientAsync("map", async token =>
        {
            var name = parsed.GetRequiredValue(function);
            var connection = await PoolFinder.ConnectAsync(parsed.GetRequiredValue(pool), token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // Before anything is read or overwritten.
                await ServedFunction.CheckAsync(connection, name, token).ConfigureAwait(false);
                using var items = InputOptions.Open(parsed.GetValue(input), parsed.GetValue(range), parsed.GetValue(output))!;
                var outputPath = parsed.GetValue(output) is "-" ? null : parsed.GetValue(output);
                return await RunDisplay.ForAsync(
                    outputPath is null, items,
                    async display =>
                    {
                        using var results = ResultOutput.Open(outputPath, display.ScreenResults);
                        var options = new CallOptions { Timeout = parsed.GetValue(timeout) };
                        return await new MapRun(connection, name, options, items, display, parsed.GetValue(trace)).RunAsync(results, token).ConfigureAwait(false);
                    },
                    token).ConfigureAwait(false);
            }
        }));
        return verb;
    }
}
