using System.Diagnostics;

namespace MultiProc.Attacks.Application;

/// <summary>
/// The application's own loggers, handlers of output, progress objects and listeners throw, block, or end the pool, on threads of the pool. Each runs in a process
/// of its own: what ends the application ends that.
/// </summary>
public sealed class ApplicationCodeSpecs : PoolSpec
{
    [SpecTheory]
    [InlineData(nameof(SpecHost.Scenarios.ApplicationThrowsFromTheStart))]
    [InlineData(nameof(SpecHost.Scenarios.ApplicationThrows))]
    [InlineData(nameof(SpecHost.Scenarios.ApplicationBlocks))]
    [InlineData(nameof(SpecHost.Scenarios.ApplicationDisposes))]
    [InlineData(nameof(SpecHost.Scenarios.ApplicationDisposesAtTheEndOfCalls))]
    public async Task Whatever_the_applications_own_code_does_on_the_pools_threads_the_application_goes_on_and_every_call_ends_as_it_should(string scenario)
    {
        var began = Stopwatch.GetTimestamp();
        using var host = await HostProcess.StartAsync(scenario, busyWorkers: 0);
        List<string> lines = [];
        while (await host.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await host.WaitForExitAsync();
        Assert.True(
            host.ExitCode == 0 && lines.LastOrDefault() == SpecHost.Scenarios.LastLine,
            $"Exit code {host.ExitCode} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {string.Join(" | ", lines)}{Environment.NewLine}{await host.ReadErrorsAsync()}");
    }
}
