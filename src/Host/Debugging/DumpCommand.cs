using System.CommandLine;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Debugging;

/// <summary><c>multiproc dump</c>: a worker's memory as a file, for a debugger to open later. The worker runs on.</summary>
internal static class DumpCommand
{
    private const string Mini = "mini";
    private const string Heap = "heap";
    private const string Full = "full";
    private static readonly TimeSpan DumpTimeout = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var target = TargetArgument.Create();
        var type = new Option<string>("--type", "-t")
        {
            Description = "mini: threads and stacks; heap: and all managed objects; full: all memory.",
            HelpName = $"{Mini}|{Heap}|{Full}",
            DefaultValueFactory = static _ => Heap,
        };
        type.AcceptOnlyFromAmong(Mini, Heap, Full);
        var output = new Option<string>("--output", "-o") { Description = "The file to write. Default: NAME-PID-TYPE.dmp in this directory.", HelpName = "FILE" };
        var verb = new Verb(
            "dump",
            "Writes the memory of a worker, or of any .NET process of yours, to a file that debuggers open. The process runs on.",
            ("dump w2", "Worker w2 with all its objects"),
            ("dump 4711 --type mini --output worker.dmp", "Only the stacks of process 4711"))
        {
            Notes = "It is not done while a debugger is attached or the process is stopped. The file holds the process's data: treat it as such.",
        };
        verb.Add(target);
        verb.Add(type);
        verb.Add(output);
        verb.SetAction((parsed, _) => Outcome.OfAsync("dump", async token =>
        {
            var process = await TargetProcess.FindAsync(parsed.GetRequiredValue(target), token).ConfigureAwait(false);
            return await WriteAsync(process, parsed.GetRequiredValue(type), parsed.GetValue(output), token).ConfigureAwait(false);
        }));
        return verb;
    }

    private static async Task<int> WriteAsync(TargetProcess process, string type, string? output, CancellationToken cancellationToken)
    {
        if (WorkerDiagnostics.IsDebuggerAttached(process.Id))
        {
            throw new IOException($"A debugger is attached to {process}: a dump would wait for it, and then keep it waiting. Save a dump from the debugger, or detach it.");
        }

        var name = process.Worker.Length > 0 ? process.Worker : process.Name.Length > 0 ? process.Name : "process";
        var path = Path.GetFullPath(output ?? string.Create(CultureInfo.InvariantCulture, $"{string.Concat(name.Where(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))}-{process.Id}-{type}.dmp"));
        if (File.Exists(path))
        {
            throw new IOException($"{path} is there already. Delete it, or give another --output.");
        }

        process.ShareTemporaryDirectory();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DumpTimeout);
        try
        {
            await new DiagnosticsClient(process.Id).WriteDumpAsync(KindOf(type), path, WriteDumpFlags.None, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{process} did not write its dump within {DumpTimeout.TotalMinutes:0} minutes; it may be stopped.");
        }
        catch (Exception exception) when (exception is DiagnosticsClientException or TimeoutException)
        {
            throw new IOException($"No dump of {process}: {exception.Message}", exception);
        }

        Console.WriteLine(TerminalText.Line(path));
        return HostExitCode.Success;
    }

    private static DumpType KindOf(string type) => type switch
    {
        Mini => DumpType.Normal,
        Full => DumpType.Full,
        _ => DumpType.WithHeap,
    };
}
