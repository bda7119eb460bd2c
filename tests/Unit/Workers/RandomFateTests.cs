using CsCheck;

namespace MultiProc.Unit.Workers;

public sealed class RandomFateTests
{
    private static readonly Gen<FateKind> What = Gen.Frequency(
        (8, Gen.Const(FateKind.Start)),
        (1, Gen.Const(FateKind.FailToStart)),
        (6, Gen.Const(FateKind.Submit)),
        (8, Gen.Const(FateKind.Begin)),
        (8, Gen.Const(FateKind.End)),
        (3, Gen.Const(FateKind.Die)),
        (1, Gen.Const(FateKind.Kill)),
        (1, Gen.Const(FateKind.Recycle)),
        (1, Gen.Const(FateKind.Resize)),
        (4, Gen.Const(FateKind.Wait)),
        (2, Gen.Const(FateKind.Rest)));

    private static readonly Gen<Fate[]> Fates = Gen.Select(What, Gen.Int[0, 29], Gen.Int[0, 29], static (what, a, b) => new Fate(what, a, b)).Array[0, 100];

    [Fact]
    public void Whatever_happens_to_workers_the_pool_heals_or_gives_up_each_call_ends_once_and_nobody_is_left() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2], Fates).Sample(
            static run => new SupervisorScene(run.Item1, run.Item2).PlayAsync(run.Item3).GetAwaiter().GetResult(), iter: 600, print: Print);

    [Fact]
    public void The_same_holds_when_workers_retire_after_a_few_calls_and_losses_are_limited() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2], Fates).Sample(
            static run => new SupervisorScene(run.Item1, run.Item2, maxTasks: 2, maxRestarts: 5).PlayAsync(run.Item3).GetAwaiter().GetResult(), iter: 600, print: Print);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public Task When_one_of_five_cannot_start_nobody_is_left(int started) =>
        new SupervisorScene(processes: 4, standby: 1).FailToStartAsync(which: 2, started);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task When_it_cannot_be_found_out_how_a_worker_ended_the_pool_says_so_and_no_call_waits_for_ever(int processes) =>
        new SupervisorScene(processes, standby: 0).BreakAsync();

    private static string Print((int Processes, int Standby, Fate[] Fates) run) =>
        $"{run.Processes} workers, {run.Standby} standby:{Environment.NewLine}{string.Join(Environment.NewLine, run.Fates)}";
}
