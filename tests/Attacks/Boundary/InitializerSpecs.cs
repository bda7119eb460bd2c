namespace MultiProc.Attacks.Boundary;

/// <summary>What an initializer throws is held to the rules of every exception.</summary>
public sealed class InitializerSpecs : PoolSpec
{
    [Spec]
    public async Task What_an_initializer_throws_runs_nothing_in_the_host()
    {
        using var victim = new Victim();

        var failure = await Assert.ThrowsAsync<WorkerStartException>(
            () => ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(Traps.Initialize, victim.Path)));

        Assert.Null(Assert.IsType<HoldingException>(failure.InnerException).Held);
        Assert.True(victim.IsThere);
    }
}
