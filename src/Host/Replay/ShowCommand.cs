using System.CommandLine;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Replay;

/// <summary><c>multiproc show</c>: what a record holds.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var file = RecordArgument.Create();
        var application = RecordArgument.Application();
        var verb = new Verb(
            "show",
            "Prints a recorded call: the function, where it failed, each argument much like JSON, and the error.",
            ("show Acme.Prices.Update-20260102T030405-4711-1.mpcall", "With which arguments did it fail?"))
        {
            Notes = """
                The arguments are read in a process of the application's own assemblies; no function of it is called. Without them the rest is shown. Of a record that is
                not yours - somebody else wrote or altered it - they are shown with --app, or after a yes at a terminal; otherwise the rest is, and the exit code is 2.
                """,
        };
        verb.Add(file);
        verb.Add(application);
        verb.SetAction((parsed, _) => Outcome.OfAsync("show", async token =>
        {
            var call = RecordArgument.Load(parsed.GetRequiredValue(file));
            await Console.Out.WriteAsync(RecordText.Head(call)).ConfigureAwait(false);
            await Console.Out.FlushAsync(token).ConfigureAwait(false);
            try
            {
                var start = ForeignRecord.Choose(call, parsed.GetValue(application), call.ShowArguments, call.ShowArguments, "read its arguments");
                Console.WriteLine();
                Console.WriteLine("Arguments");
                return await WorkerProgram.RunAsync(start, token).ConfigureAwait(false) == 0 ? HostExitCode.Success : HostExitCode.Failed;
            }
            finally
            {
                Console.WriteLine();
                Console.WriteLine("Error");
                Console.WriteLine(TerminalText.Lines(call.ErrorText));
                await Console.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }));
        return verb;
    }
}
