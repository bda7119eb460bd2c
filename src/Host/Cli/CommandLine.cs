using System.CommandLine;
using System.CommandLine.Help;
using MultiProc.Host.Debugging;
using MultiProc.Host.Replay;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary>The verbs, and what they have in common.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs .NET functions in worker processes.") { HelpName = Verb.Program };
        root.Add(PiCommand.Create());
        root.Add(RunCommand.Create());
        root.Add(ServeCommand.Create());
        root.Add(CallCommand.Create());
        root.Add(MapCommand.Create());
        root.Add(PsCommand.Create());
        root.Add(TopCommand.Create());
        root.Add(PoolCommands.CreateStop());
        root.Add(PoolCommands.CreateKill());
        root.Add(PoolCommands.CreateRecycle());
        root.Add(PoolCommands.CreateResize());
        root.Add(StackCommand.Create());
        root.Add(DumpCommand.Create());
        root.Add(DebugCommand.Create());
        root.Add(ReplayCommand.Create());
        root.Add(ShowCommand.Create());
        root.Add(CompletionCommand.Create());
        var help = root.Options.OfType<HelpOption>().Single();
        var inner = (HelpAction)help.Action!;
        help.Description = "Show this.";
        help.Action = new HelpWithExamples(inner);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        root.SetAction(parsed =>
        {
            inner.Invoke(parsed);
            return HostExitCode.Usage;
        });
        return root;
    }

    public static ParseResult Parse(RootCommand command, string[] args) =>
        command.Parse(args, new ParserConfiguration
        {
            // An argument that begins with @ is the function's business.
            ResponseFileTokenReplacer = null,
        });
}
