using System.CommandLine;
using System.Diagnostics;
using MultiProc.Host.Functions;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Replay;

/// <summary><c>multiproc replay</c>: makes a recorded call again.</summary>
internal static class ReplayCommand
{
    private const int Returned = 0;
    private const int Threw = 1;

    // What the worker program says when it cannot do what it was started for.
    private const int MinRefusal = 64;
    private const int LastRefusal = 78;

    public static Command Create()
    {
        var file = RecordArgument.Create();
        var debug = new Option<bool>("--debug", "-d") { Description = "Wait for a debugger before anything runs, and stop in it right before the function." };
        var application = RecordArgument.Application();
        var inProcess = new Option<bool>("--in-process") { Description = "Make the call in this process instead of a worker of the application." };
        var verb = new Verb(
            "replay",
            "Makes a recorded call again, in a fresh worker of the application that it comes from.",
            ("replay Acme.Prices.Update-20260102T030405-4711-1.mpcall", "Does it still fail?"),
            ("replay Acme.Prices.Update-20260102T030405-4711-1.mpcall --debug", "Step through it"))
        {
            Notes = """
                The pool's initializer runs first, with the environment variables that the pool set. There is no time limit; tokens but the call's own are never
                signalled; progress is printed to standard error; a call that holds a Shared* object cannot be made again.

                A record that is not yours - somebody else wrote or altered it - may name any program: it needs --app, or a yes at a terminal. Its function must then be
                the application's, its arguments are read as what a worker sends, and its environment is not used.

                Exit codes: 0 it returned (its result is on standard output); 1 it failed; 2 the record cannot be read, is not yours, or the call cannot be made.
                """,
        };
        verb.Add(file);
        verb.Add(application);
        verb.Add(debug);
        verb.Add(inProcess);
        verb.SetAction((parsed, _) => Outcome.OfAsync("replay", token =>
        {
            var call = RecordArgument.Load(parsed.GetRequiredValue(file));
            Console.Error.WriteLine(TerminalText.Line($"{RecordText.Title(call)}: {call.ErrorType}"));
            if (parsed.GetValue(inProcess))
            {
                return call.IsForeign || parsed.GetValue(application) is not null
                    ? throw new InvalidCallException("--in-process is for your own records, with the application that they name. Leave it out, and give --app DLL.")
                    : LocalReplay.RunAsync(call, parsed.GetValue(debug), token);
            }

            var waits = parsed.GetValue(debug);
            var start = ForeignRecord.Choose(call, parsed.GetValue(application), app => call.InNewWorker(app, waits), () => call.InNewWorker(waits), "make its call again");
            return RunInWorkerAsync(start, token);
        }));
        return verb;
    }

    private static async Task<int> RunInWorkerAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var code = await WorkerProgram.RunAsync(start, cancellationToken).ConfigureAwait(false);
        if (WorkerProgram.SignalOf(code) is { } signal)
        {
            throw new IOException($"the worker was ended by signal {signal}, as a crash ends it.");
        }

        return code switch
        {
            Returned => HostExitCode.Success,
            Threw => HostExitCode.Failed,
            >= MinRefusal and <= LastRefusal => HostExitCode.Usage,
            _ => throw new IOException($"the function ended its process with exit code {code}."),
        };
    }
}
