using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run.Display;

/// <summary>Which display a run has.</summary>
internal static class RunDisplay
{
    /// <summary>A bar when standard error is a terminal, lines otherwise.</summary>
    /// <param name="writesToStandardOutput">Whether that is where the results go.</param>
    /// <param name="input">The input.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the counting of the input.</param>
    public static Task<int> ForAsync(bool writesToStandardOutput, IInput input, Func<IRunDisplay, Task<int>> run, CancellationToken cancellationToken)
    {
        var isScreen = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return isScreen
            ? BarDisplay.ShowAsync(input, resultsOnScreen: writesToStandardOutput && !Console.IsOutputRedirected, run, cancellationToken)
            : run(new PlainDisplay());
    }
}
