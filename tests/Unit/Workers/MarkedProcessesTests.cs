using System.Runtime.Versioning;
using MultiProc.Diagnostics;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

[SupportedOSPlatform("linux")]
public sealed class MarkedProcessesTests
{
    private const string Mark = "0123456789abcdef.";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task That_nothing_could_be_looked_for_is_said_and_the_next_look_succeeds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nothing is looked for.");

        Assert.False(await MarkedProcesses.KillAsync(Mark, static _ => false).WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.True(await MarkedProcesses.KillAsync(Mark).WaitAsync(MaxWait, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_may_be_left_behind_is_told_once()
    {
        var lines = new List<string>();
        var log = new PoolLog(new Lines(lines));

        log.NoteLeftoverScanFailed(Mark);
        log.NoteLeftoverScanFailed(Mark);

        var line = Assert.Single(lines);
        Assert.Contains(Mark, line, StringComparison.Ordinal);
        Assert.Contains("may live on", line, StringComparison.Ordinal);
    }

    private sealed class Lines(List<string> lines) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
