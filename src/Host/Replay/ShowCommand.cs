using System.CommandLine;
using MultiProc.Host.Cli;

namespace MultiProc.Host.Replay;

/// <summary><c>multiproc show</c>: what a record holds.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var file = RecordArgument.Create();
        var verb = new Verb(
            "show",
            "Prints a recorded call: the function, where it failed, each argument much like JSON, and the error.",
            ("show Acme.Prices.Update-20260102T030405-4711-1.mpcall", "With which arguments did it fail?"))
        {
            Notes = "The arguments are read in a process of the application's own assemblies; no function of it is called. Without them the rest is shown.",
        };
        verb.Add(file);
        verb.SetAction((parsed, _) => Outcome.OfAsync("show", async token =>
        {
            var call = RecordArgument.Load(parsed.GetRequiredValue(file));
            await Console.Out.WriteAsync(RecordText.Head(call)).ConfigureAwait(false);
            Console.WriteLine();
            Console.WriteLine("Arguments");
            await Console.Out.FlushAsync(token).ConfigureAwait(false);
            var code = await WorkerProgram.RunAsync(call.ShowArguments(), token).ConfigureAwait(false);
            Console.WriteLine();
            Console.WriteLine("Error");
            Console.WriteLine(call.ErrorText);
            return code == 0 ? HostExitCode.Success : HostExitCode.Failed;
        }));
        return verb;
    }
}
