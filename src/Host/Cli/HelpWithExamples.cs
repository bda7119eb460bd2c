using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary>The usual help, and below it the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb verb)
        {
            return HostExitCode.Success;
        }

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (commandLine, meaning) in verb.Examples)
        {
            output.WriteLine($"  {meaning}");
            output.WriteLine($"    {Verb.Program} {commandLine}");
        }

        if (verb.Notes.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(verb.Notes);
        }

        return HostExitCode.Success;
    }
}
