using System.CommandLine;
using MultiProc;
using MultiProc.Host;
using MultiProc.Host.Cli;

var command = CommandLine.Create();
var parsed = CommandLine.Parse(command, args);
if (UsageErrors.Of(parsed) is { } error)
{
    Console.Error.WriteLine(TerminalText.Line(error));
    return HostExitCode.Usage;
}

return await parsed.InvokeAsync(new InvocationConfiguration
{
    // Ctrl-C is a matter of each verb, which knows what is worth finishing; an exception that no verb expects is a bug, and shows its stack.
    ProcessTerminationTimeout = null,
    EnableDefaultExceptionHandler = false,
}).ConfigureAwait(false);
