using System.CommandLine;
using MultiProc.Host.Debugging;
using MultiProc.Host.Functions;
using MultiProc.Host.Serve;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc serve</c>: a pool that stays, for calls from other terminals and programs.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var assemblies = new Argument<string[]>("ASSEMBLY")
        {
            Description = "The paths of built .NET assemblies. Their public static methods can be called by processes of the same user.",
            Arity = ArgumentArity.OneOrMore,
        };
        var name = new Option<string>("--name", "-n") { Description = "What the pool is called. Default: the first assembly's name.", HelpName = "NAME" };
        var allow = new Option<string[]>("--allow", "-a")
        {
            Description = "Only functions whose full name fits; * stands for any letters. May be given several times. Default: all of the assemblies' functions.",
            HelpName = "PATTERN",
            AllowMultipleArgumentsPerToken = false,
        };
        var processes = NumberOption.Create("--processes", "How many worker processes. Default: one per processor.", 1, 4_096, "-p");
        processes.DefaultValueFactory = static _ => Environment.ProcessorCount;
        var timeout = DurationOption.Create("--timeout", "How long a call may run that sets no limit of its own, such as 10s or 5m. Default: no limit.");
        var debugging = new DebuggingOptions();
        var verb = new Verb(
            "serve",
            "Starts a pool that stays, shows what it does, and runs the calls that come over its control pipe.",
            ("serve Tools.dll --processes 4", "Serve all functions of an assembly, under the name Tools"),
            ("serve Tools.dll --name images --allow 'Tools.Images.*'", "Serve some of them"),
            ("serve Tools.dll --record failed --debug-worker 1", "Keep the calls that fail, and have worker w1 wait for a debugger"),
            ("call Tools Tools.Text.Reverse hello", "Call one from another terminal"))
        {
            Notes = """
                On a terminal the view is live; otherwise a line is written for each thing that happens.
                Ctrl-C, or multiproc stop, ends the pool when its calls have ended; a second Ctrl-C at once.
                Other languages call through the control pipe: docs/control.md.

                Exit codes: 0 ended by multiproc stop; 1 a worker could not be started; 2 the command is wrong; 130 Ctrl-C; 143 SIGTERM.
                """,
        };
        verb.Add(assemblies);
        verb.Add(name);
        verb.Add(allow);
        verb.Add(processes);
        verb.Add(timeout);
        debugging.AddTo(verb);
        verb.SetAction((parsed, _) => Outcome.OfPatientAsync("serve", interruption =>
        {
            string[] paths = [.. parsed.GetRequiredValue(assemblies).Select(static path => Path.GetFullPath(path))];
            Array.ForEach(paths, AssemblyFile.Check);
            var request = new ServeRequest
            {
                AssemblyPaths = paths,
                Allowed = parsed.GetValue(allow) ?? [],
                Name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(paths[0]),
                Processes = (int)parsed.GetValue(processes),
                Timeout = parsed.GetValue(timeout),
                Debugging = options => debugging.Apply(parsed, options),
            };
            return new ServeRun(request, interruption).RunAsync();
        }));
        return verb;
    }
}
