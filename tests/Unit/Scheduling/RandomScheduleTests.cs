using CsCheck;

namespace MultiProc.Unit.Scheduling;

public sealed class RandomScheduleTests
{
    private static readonly Gen<Happening> What = Gen.Frequency(
        (6, Gen.Const(Happening.Submit)),
        (3, Gen.Const(Happening.SubmitChunk)),
        (1, Gen.Const(Happening.SubmitPinned)),
        (10, Gen.Const(Happening.Begin)),
        (8, Gen.Const(Happening.End)),
        (1, Gen.Const(Happening.Throw)),
        (8, Gen.Const(Happening.Flush)),
        (4, Gen.Const(Happening.SendDeferred)),
        (2, Gen.Const(Happening.Die)),
        (2, Gen.Const(Happening.Abandon)),
        (3, Gen.Const(Happening.Attach)),
        (1, Gen.Const(Happening.Retire)),
        (4, Gen.Const(Happening.Wait)),
        (1, Gen.Const(Happening.WaitLong)),
        (1, Gen.Frequency((1, Gen.Const(Happening.Close)), (9, Gen.Const(Happening.Wait)))));

    // And what runners do that lie, or whose memory is damaged.
    private static readonly Gen<Happening> WhatLiarsDo = Gen.Frequency(
        (8, What), (1, Gen.Const(Happening.Lie)), (1, Gen.Const(Happening.Die)), (1, Gen.Frequency((1, Gen.Const(Happening.GiveBack)), (1, Gen.Const(Happening.GiveBackWhatRuns)))));

    private static readonly Gen<Step[]> Steps = Gen.Select(What, Gen.Int[0, 29], Gen.Int[0, 29], static (what, a, b) => new Step(what, a, b)).Array[0, 120];

    [Fact]
    public void Whatever_happens_each_item_ends_once_and_nothing_overtakes_waits_in_vain_or_runs_twice() =>
        Steps.Sample(static steps => new Schedule(maxTasks: null).Play(steps), iter: 3_000, print: Print);

    [Fact]
    public void The_same_holds_for_runners_that_retire_after_a_few_items() =>
        Gen.Select(Gen.Int[1, 5], Steps).Sample(
            static (maxTasks, steps) => new Schedule(maxTasks).Play(steps), iter: 3_000, print: static run => $"{run.Item1}: {Print(run.Item2)}");

    [Fact]
    public void The_same_holds_when_what_is_sent_to_busy_runners_gathers_first() =>
        Gen.Select(Gen.Int[1, 40], Steps).Sample(
            static (maxTasks, steps) => new Schedule(maxTasks > 5 ? null : maxTasks, isDeferring: true).Play(steps), iter: 3_000, print: static run => $"{run.Item1}: {Print(run.Item2)}");

    [Fact]
    public void Whatever_runners_say_of_themselves_each_item_ends_once_and_begins_at_most_two_times_more_often_than_it_may() =>
        Gen.Select(Gen.Int[1, 40], Gen.Select(WhatLiarsDo, Gen.Int[0, 29], Gen.Int[0, 29], static (what, a, b) => new Step(what, a, b)).Array[0, 120]).Sample(
            static (maxTasks, steps) => new Schedule(maxTasks > 5 ? null : maxTasks, isDeferring: maxTasks % 2 == 0).Play(steps),
            iter: 3_000, print: static run => $"{run.Item1}: {Print(run.Item2)}");

    private static string Print(Step[] steps) => string.Join(Environment.NewLine, steps);
}
