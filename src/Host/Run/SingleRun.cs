using MultiProc.Host.Functions;
using MultiProc.Host.Run.Display;

namespace MultiProc.Host.Run;

/// <summary>One call with the words of the command line.</summary>
internal static class SingleRun
{
    public static async Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var display = new PlainDisplay();
        var pool = await RunPool.StartAsync(request, defaultProcesses: 1, display, cancellationToken).ConfigureAwait(false);
        await using (pool.ConfigureAwait(false))
        {
            await pool.ApplyAsync(TextCalls.Check, request.AssemblyPath, request.Function, cancellationToken: cancellationToken).ConfigureAwait(false);
            string? result = null;
            var options = new CallOptions { Timeout = request.Timeout, Name = request.Function };
            for (var tries = 1; result is null; tries++)
            {
                try
                {
                    result = request.IsDryRun
                        ? await pool.ApplyAsync(
                            TextCalls.DescribeWords, request.AssemblyPath, request.Function, request.Words, options, cancellationToken).ConfigureAwait(false)
                        : await pool.ApplyAsync(
                            TextCalls.InvokeWordsAsync, request.AssemblyPath, request.Function, request.Words, options, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not InvalidCallException && !cancellationToken.IsCancellationRequested)
                {
                    // Whatever the function threw, or that its worker was lost: this is what the user asked to be told, unless another try is left.
                    if (tries > request.Retries)
                    {
                        display.Note(FailureText.Of(request.Function, exception, request.Trace));
                        return HostExitCode.Failed;
                    }
                }
            }

            using var output = ResultOutput.Open(request.OutputPath, screen: null, request.Format.Terminator);
            output.Write(request.Format.Result(result));
            output.Flush();
            await RunPool.EndAsync(pool, cancellationToken).ConfigureAwait(false);
            return output.Failure is { } failure ? throw failure : HostExitCode.Success;
        }
    }
}
