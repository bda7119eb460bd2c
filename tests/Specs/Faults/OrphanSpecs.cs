namespace MultiProc.Specs.Faults;

public sealed class OrphanSpecs : PoolSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [SpecTheory]
    [InlineData("Idle", 0, 2)]
    [InlineData("Spinning", 2, 2)]
    [InlineData("InNativeCode", 2, 2)]
    [InlineData("WithGrandchildren", 2, 4)]
    [InlineData("Nested", 4, 4)]
    [InlineData("Starving", 2, 2)]
    public async Task All_processes_of_a_killed_host_are_gone_within_two_seconds(string scenario, int busyWorkers, int processes)
    {
        using var host = await HostProcess.StartAsync(scenario, busyWorkers);
        Assert.Equal(processes, host.Others.Count);

        host.Kill();

        await Eventually.TrueWithinAsync(Limit, () => !host.Others.Any(ProcessTable.IsAlive));
    }

    [Spec]
    public async Task Stopped_workers_of_a_killed_host_are_gone_within_two_seconds()
    {
        using var host = await HostProcess.StartAsync("Spinning");
        foreach (var worker in host.Others)
        {
            Posix.Signal(worker, Posix.Stop);
        }

        host.Kill();

        await Eventually.TrueWithinAsync(Limit, () => !host.Others.Any(ProcessTable.IsAlive));
    }

    [Spec]
    public async Task Workers_of_a_killed_host_are_gone_even_if_its_temporary_directory_is()
    {
        using var host = await HostProcess.StartAsync("WithoutTemporaryDirectory", busyWorkers: 0);
        Assert.Equal(2, host.Others.Count);

        host.Kill();

        await Eventually.TrueWithinAsync(Limit, () => !host.Others.Any(ProcessTable.IsAlive));
    }

    [Spec]
    public async Task Nobody_holds_the_standard_output_of_a_killed_host()
    {
        using var host = await HostProcess.StartAsync("Spinning");

        host.Kill();

        await host.ReadToEndAsync().WaitAsync(Limit);
    }

    [SpecTheory]
    [InlineData("Forgetting", 7)]
    [InlineData("Exiting", 5)]
    public async Task A_host_that_forgets_its_pool_exits_within_a_second_with_its_own_code(string scenario, int code)
    {
        using var host = await HostProcess.StartAsync(scenario);

        host.Continue();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(code, host.ExitCode);
        await Eventually.TrueWithinAsync(Limit, () => !host.Others.Any(ProcessTable.IsAlive));
    }

    [Spec]
    public async Task A_crash_of_the_host_takes_its_workers_along()
    {
        using var host = await HostProcess.StartAsync("Crashing");

        host.Continue();
        await host.WaitForExitAsync();

        await Eventually.TrueWithinAsync(Limit, () => !host.Others.Any(ProcessTable.IsAlive));
        Assert.Contains("The host crashes, as it should.", await host.ReadErrorsAsync(), StringComparison.Ordinal);
    }
}
