using System.CommandLine;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Debugging;

/// <summary><c>multiproc stack</c>: where a worker, or any .NET process, is.</summary>
internal static class StackCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var target = TargetArgument.Create();
        var verb = new Verb(
            "stack",
            "Prints where the managed threads of a worker, or of any .NET process of yours, are: methods with files and lines.",
            ("stack w2", "Where is worker w2?"),
            ("stack 4711", "Where is process 4711?"))
        {
            Notes = "On Linux only. The process stands still for some tenths of a second. It is not done while a debugger is attached.",
        };
        verb.Add(target);
        verb.SetAction((parsed, _) => Outcome.OfAsync("stack", async token =>
        {
            var process = await TargetProcess.FindAsync(parsed.GetRequiredValue(target), token).ConfigureAwait(false);
            process.ShareTemporaryDirectory();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(AnswerTimeout);
            try
            {
                var stacks = await WorkerDiagnostics.CaptureStacksAsync(process.Id, limit.Token).ConfigureAwait(false);
                await Console.Out.WriteAsync(TerminalText.Lines(stacks)).ConfigureAwait(false);
                return HostExitCode.Success;
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new IOException($"{process} did not answer within {AnswerTimeout.TotalSeconds:0} seconds.");
            }
            catch (Exception exception) when (exception is InvalidOperationException or PlatformNotSupportedException)
            {
                throw new IOException(exception.Message, exception);
            }
        }));
        return verb;
    }
}
