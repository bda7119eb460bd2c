using System.Diagnostics;
using MultiProc.Host.Run.Inputs;
using Spectre.Console;

namespace MultiProc.Host.Run.Display;

/// <summary>For a terminal: a live bar with rate and remaining time; lines appear above it.</summary>
internal sealed class BarDisplay : IRunDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly ProgressTask _task;
    private long _shown;

    private BarDisplay(IAnsiConsole console, ProgressTask task, bool resultsOnScreen)
    {
        _console = console;
        _task = task;
        ScreenResults = resultsOnScreen ? Note : null;
    }

    public Action<string>? ScreenResults { get; }

    /// <summary>Shows the bar while <paramref name="run"/> runs.</summary>
    public static async Task<int> ShowAsync(
        IInput input, bool resultsOnScreen, Func<IRunDisplay, Task<int>> run, CancellationToken cancellationToken)
    {
        var console = Screen(resultsOnScreen ? Console.Out : Console.Error);
        return await console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("calls");
                task.IsIndeterminate = true;
                using var counting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var counted = CountAsync(input, task, counting.Token);
                var exitCode = await run(new BarDisplay(console, task, resultsOnScreen)).ConfigureAwait(false);
                await counting.CancelAsync().ConfigureAwait(false);
                await counted.ConfigureAwait(false);
                return exitCode;
            }).ConfigureAwait(false);
    }

    // Raw text: as a renderable it would be wrapped at the screen's width with line ends that are not in it.
    public void Note(string line) => _console.Write(new ControlCode(line + "\n"));

    public void Show(long done)
    {
        if (Stopwatch.GetElapsedTime(_shown) > Refresh)
        {
            _task.Value = done;
            _shown = Stopwatch.GetTimestamp();
        }
    }

    public void End(long calls, long failed, TimeSpan elapsed) => Note(Totals.Text(calls, failed, elapsed));

    private static IAnsiConsole Screen(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    private static async Task CountAsync(IInput input, ProgressTask task, CancellationToken cancellationToken)
    {
        try
        {
            if (await input.CountAsync(cancellationToken).ConfigureAwait(false) is { } count)
            {
                task.MaxValue = Math.Max(count, 1);
                task.IsIndeterminate = false;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // The bar goes on without a total; if the input cannot be read, the run itself says so.
        }
    }
}
