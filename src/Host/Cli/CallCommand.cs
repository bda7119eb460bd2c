using System.CommandLine;
using MultiProc.Host.Pools;
using MultiProc.Host.Run;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc call</c>: one call of a served pool.</summary>
internal static class CallCommand
{
    public static Command Create()
    {
        var pool = PoolArguments.Name();
        var function = PoolArguments.Function(pool);
        var words = new Argument<string[]>("ARGS")
        {
            Description = "The arguments. Each is JSON if it is JSON that fits its parameter, and else a string. Behind -- they may look like options.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var timeout = DurationOption.Create("--timeout", "How long the call may run, such as 500ms, 10s or 5m. Default: what the pool allows.");
        var trace = new Option<bool>("--trace") { Description = "Show the stack trace of a failed call." };
        var verb = new Verb(
            "call",
            "Calls a function of a served pool once.",
            ("call Tools Tools.Text.Reverse hello", "Prints \"olleh\""),
            ("call Tools Tools.Math.Add -- -1 2 --timeout 5s", "Arguments that look like options stand behind --; so does everything after it"))
        {
            Notes = """
                The result is one line of JSON. Ctrl-C cancels the call.

                Exit codes: 0 it succeeded; 1 it failed; 2 there is no such pool or function, or the arguments do not fit; 130 Ctrl-C.
                """,
        };
        verb.Add(pool);
        verb.Add(function);
        verb.Add(words);
        verb.Add(timeout);
        verb.Add(trace);
        verb.SetAction((parsed, _) => Outcome.OfClientAsync("call", async token =>
        {
            var name = parsed.GetRequiredValue(function);
            var connection = await PoolFinder.ConnectAsync(parsed.GetRequiredValue(pool), token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await ServedFunction.CheckAsync(connection, name, token).ConfigureAwait(false);
                try
                {
                    var result = await connection.CallWithWordsAsync(
                        name, parsed.GetValue(words) ?? [], new CallOptions { Timeout = parsed.GetValue(timeout) }, token).ConfigureAwait(false);
                    Console.Out.WriteLine(TerminalText.Json(result.GetRawText()));
                    return HostExitCode.Success;
                }
                catch (Exception exception) when (exception is RemoteException or WorkerLostException or CallTimeoutException)
                {
                    await Console.Error.WriteLineAsync(FailureText.Of(name, exception, parsed.GetValue(trace))).ConfigureAwait(false);
                    return HostExitCode.Failed;
                }
            }
        }));
        return verb;
    }
}
