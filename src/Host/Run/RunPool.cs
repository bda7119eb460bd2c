using MultiProc.Host.Run.Display;

namespace MultiProc.Host.Run;

/// <summary>The pool behind <c>multiproc run</c>. What functions print goes to standard error: standard output holds results and nothing else.</summary>
internal static class RunPool
{
    public static Task<ProcessPool> StartAsync(RunRequest request, int defaultProcesses, IRunDisplay display, CancellationToken cancellationToken) =>
        ProcessPool.StartAsync(
            request.Debugging(new ProcessPoolOptions
            {
                Name = "run",
                Processes = request.Processes ?? defaultProcesses,
                RuntimeConfigurationFile = Functions.RuntimeNeeds.ConfigurationFor(request.AssemblyPath),
                Output = output => display.Note(TerminalText.WithColors(output.Line)),
            }),
            cancellationToken);

    /// <summary>Lets the workers leave by themselves, so that the last of what they print is not lost.</summary>
    public static async Task EndAsync(ProcessPool pool, CancellationToken cancellationToken)
    {
        pool.Close();
        await pool.JoinAsync(cancellationToken).ConfigureAwait(false);
    }
}
