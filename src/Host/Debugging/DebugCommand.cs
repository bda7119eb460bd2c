using System.CommandLine;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Debugging;

/// <summary><c>multiproc debug</c>: from "which worker?" to a debugger in it.</summary>
internal static class DebugCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var verb = new Verb(
            "debug",
            "Helps to attach a debugger to a worker.",
            ("debug wait w2", "Returns when worker w2 waits for a debugger"),
            ("debug attach-info w2 --vscode", "What to paste into launch.json"),
            ("debug init-vscode --program bin/Debug/net10.0/App.dll", "Writes .vscode/launch.json and tasks.json"));
        verb.Add(CreateWait());
        verb.Add(CreateInfo());
        verb.Add(InitVsCodeCommand.Create());
        return verb;
    }

    private static Verb CreateWait()
    {
        var name = new Argument<string>("WORKER") { Description = TargetArgument.Worker + "." };
        var verb = new Verb(
            "wait",
            "Waits until a worker waits for a debugger, and prints its process id. On Linux only.",
            ("debug wait w2", "For a task that runs before an IDE attaches"));
        verb.Add(name);
        verb.SetAction((parsed, _) => Outcome.OfAsync("debug wait", async token =>
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new PlatformRefusal("Whether a worker waits is known on Linux only. Elsewhere the application itself prints a line when it does.");
            }

            TargetProcess? found;
            while ((found = await FindWaitingAsync(parsed.GetRequiredValue(name), token).ConfigureAwait(false)) is null)
            {
                await Task.Delay(Interval, token).ConfigureAwait(false);
            }

            Console.WriteLine(found.Id);
            return HostExitCode.Success;
        }));
        return verb;
    }

    private static Task<TargetProcess?> FindWaitingAsync(string worker, CancellationToken cancellationToken) =>
        TargetProcess.TryFindAsync(worker, static process => WorkerDiagnostics.IsWaitingForDebugger(process.Id), cancellationToken);

    private static Verb CreateInfo()
    {
        var target = TargetArgument.Create();
        var tools = AttachInfo.Tools.Select(static tool => new Option<bool>("--" + tool) { Description = AttachInfo.NameOf(tool) }).ToArray();
        var verb = new Verb(
            "attach-info",
            "Prints how to attach a debugger to a worker: to each that is known, or to the one that is asked for.",
            ("debug attach-info w2", "All of them"),
            ("debug attach-info 4711 --lldb", "With lldb"));
        verb.Add(target);
        foreach (var tool in tools)
        {
            verb.Add(tool);
        }

        verb.SetAction((parsed, _) => Outcome.OfAsync("debug attach-info", async token =>
        {
            var asked = tools.Where(parsed.GetValue).Select(static tool => tool.Name[2..]).ToArray();
            var process = await TargetProcess.FindAsync(parsed.GetRequiredValue(target), token).ConfigureAwait(false);
            await Console.Out.WriteAsync(TerminalText.Lines(AttachInfo.Of(process, asked.Length == 0 ? AttachInfo.Tools : asked))).ConfigureAwait(false);
            return HostExitCode.Success;
        }));
        return verb;
    }
}
