using MultiProc.SpecHost;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>Whoever stops the host, as a debugger does at a breakpoint, stops the clocks of all its calls.</summary>
public sealed class HostPauseSpecs : PoolSpec
{
    // What would be judged by the clock on the wall is judged at once when the host goes on.
    private static readonly TimeSpan TimeToJudge = TimeSpan.FromMilliseconds(300);

    [Spec]
    public async Task A_host_that_stood_still_for_longer_than_the_limit_of_a_call_does_not_end_that_call()
    {
        using var host = await HostProcess.StartAsync(nameof(Scenarios.Limited), busyWorkers: 0);
        Posix.Signal(host.Id, Posix.Stop);
        await Task.Delay(Scenarios.CallLimit + TimeSpan.FromSeconds(1));

        Posix.Signal(host.Id, Posix.Continue);
        await Task.Delay(TimeToJudge);
        await File.WriteAllTextAsync(Path.Combine(host.TemporaryFolder, "enough"), "");

        Assert.Equal("returned enough", await host.ReadLineAsync());
        await host.WaitForExitAsync();
    }
}
