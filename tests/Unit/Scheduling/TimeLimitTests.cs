using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Scene _scene = new();

    [Fact]
    public void The_clock_starts_when_the_call_begins_not_while_it_waits()
    {
        _scene.Submit(limit: Limit);
        _scene.Advance(Limit * 100);
        var runner = _scene.Attach();
        _scene.Advance(Scene.Second * 4);
        runner.Begin();
        _scene.Advance(Limit - Scene.Millisecond);
        Assert.False(runner.IsTokenSignalled);

        _scene.Advance(Scene.Millisecond * 2);
        Assert.True(runner.IsTokenSignalled);
    }

    [Fact]
    public void Each_item_of_a_chunk_has_the_whole_limit()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(4, limit: Limit);
        for (var i = 0; i < 3; i++)
        {
            runner.Complete(took: Limit - Scene.Millisecond);
            Assert.IsType<CallItem>(chunk.End(i));
        }

        _scene.Advance(Limit - Scene.Millisecond);
        Assert.False(runner.IsTokenSignalled);
        _scene.Advance(Scene.Millisecond * 2);
        Assert.True(runner.IsTokenSignalled);
    }

    [Fact]
    public void A_call_that_stops_when_it_is_told_to_ends_as_timed_out_and_its_runner_lives_on()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(limit: Limit);
        runner.Complete(took: Limit + Scene.Second);

        var error = Assert.IsType<CallTimeoutException>(call.Error);
        Assert.Equal((CallStop.CancellationToken, Limit, "Tests.Function"), (error.StoppedBy, error.Timeout, error.Function));
        var next = _scene.Submit();
        runner.Complete(took: Scene.Grace * 2);
        Assert.True(next.HasReturned);
        Assert.Equal(0, runner.Kills);
    }

    [Fact]
    public void A_call_that_goes_on_is_stopped_by_force_after_the_grace_period_and_not_tried_again()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(limit: Limit, attempts: 5);
        runner.Begin();
        _scene.Advance(Limit);
        _scene.Advance(Scene.Grace + Scene.Millisecond);
        Assert.Equal(1, runner.Kills);

        runner.Die(stoppedBy: CallStop.Termination);
        Assert.Equal(CallStop.Termination, Assert.IsType<CallTimeoutException>(call.Error).StoppedBy);
        Assert.Equal(0, _scene.Attach().Waiting);
        Assert.Equal(0, _scene.Dispatcher.Counters.Retried);
    }

    [Fact]
    public void After_an_item_of_a_chunk_was_stopped_the_others_run()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, limit: Limit);
        runner.Complete();
        runner.Complete(took: Limit + Scene.Second);
        runner.Complete();

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.IsType<CallTimeoutException>(chunk.End(1));
        Assert.IsType<CallItem>(chunk.End(2));
    }

    [Fact]
    public void Each_item_of_a_chunk_that_runs_too_long_is_stopped()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, limit: Limit);
        for (var i = 0; i < 3; i++)
        {
            runner.Complete(took: Limit + Scene.Second);
            Assert.IsType<CallTimeoutException>(chunk.End(i));
        }
    }

    [Fact]
    public void The_late_news_of_an_earlier_item_does_not_excuse_the_one_that_ran_too_long()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, limit: Limit);
        runner.Begin();
        runner.End();
        _scene.Advance(Limit + Scene.Second);
        runner.Flush();
        runner.Fail(new OperationCanceledException());
        runner.Flush();

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.IsType<CallTimeoutException>(chunk.End(1));
    }

    [Fact]
    public void An_item_that_ran_too_long_is_told_apart_from_its_neighbours_though_all_are_reported_together()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, limit: Limit);
        runner.Begin();
        runner.End();
        _scene.Advance(Limit + Scene.Second);
        runner.End();
        runner.End();
        runner.Flush();

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.IsType<CallTimeoutException>(chunk.End(1));
        Assert.IsType<CallItem>(chunk.End(2));
        _scene.AssertRules();
    }

    [Fact]
    public void A_runner_that_is_lost_before_the_limit_costs_an_attempt_as_usual()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(limit: Limit, attempts: 2);
        runner.Begin();
        runner.Die();
        _scene.Attach().Complete();

        Assert.True(call.HasReturned);
    }

    [Fact]
    public void While_a_debugger_is_attached_the_clock_stands_still_and_afterwards_the_limit_begins_anew()
    {
        var runner = _scene.Attach();
        _scene.Submit(limit: Limit);
        runner.Begin();
        runner.IsDebugged = true;
        _scene.Advance(Limit * 10);
        Assert.False(runner.IsTokenSignalled);

        runner.IsDebugged = false;
        _scene.Advance(Limit);
        Assert.True(runner.IsTokenSignalled);
    }

    [Fact]
    public void While_a_debugger_is_attached_nothing_is_killed()
    {
        var runner = _scene.Attach();
        _scene.Submit(limit: Limit);
        runner.Begin();
        _scene.Advance(Limit);
        runner.IsDebugged = true;
        _scene.Advance(Scene.Grace * 10);
        Assert.Equal(0, runner.Kills);

        runner.IsDebugged = false;
        _scene.Advance(Scene.Grace);
        Assert.Equal(1, runner.Kills);
    }

    [Fact]
    public void While_the_host_stands_still_neither_the_limit_nor_the_grace_period_runs()
    {
        var runner = _scene.Attach();
        _scene.Submit(limit: Limit);
        runner.Begin();
        _scene.Clock.OnBeat();
        _scene.Advance(Limit * 5);
        _scene.Clock.OnBeat();
        Assert.False(runner.IsTokenSignalled);

        Run(Limit);
        Assert.True(runner.IsTokenSignalled);
        _scene.Advance(Scene.Grace * 5);
        _scene.Clock.OnBeat();
        Assert.Equal(0, runner.Kills);

        Run(Scene.Grace);
        Assert.Equal(1, runner.Kills);
    }

    [Fact]
    public void A_runner_that_hides_what_it_runs_is_judged_by_the_hosts_own_clock()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(limit: Limit);
        runner.Begin();
        runner.Lie = LastStatus.Idle;
        _scene.Advance(Limit + (Scene.Second * 4));
        Assert.Equal(0, runner.Kills);

        _scene.Advance(Scene.Second * 2);
        Assert.Equal(1, runner.Kills);
        runner.Die(stoppedBy: CallStop.Kill);
        Assert.IsType<CallTimeoutException>(call.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_runner_that_claims_that_it_has_only_just_begun_is_judged_by_the_hosts_own_clock(bool isDecoded)
    {
        var runner = _scene.Attach();
        _scene.Submit(limit: Limit);
        runner.Begin();
        var running = runner.Running!.Value;
        for (var waited = TimeSpan.Zero; waited <= Limit + (Scene.Second * 5); waited += Scene.Second)
        {
            runner.Lie = new LastStatus(IsReadable: true, running with { Elapsed = TimeSpan.Zero, IsDecoded = isDecoded, HasToken = false });
            _scene.Advance(Scene.Second);
        }

        Assert.Equal(1, runner.Kills);
    }

    [Fact]
    public void The_bound_begins_anew_when_the_call_in_front_has_ended()
    {
        var runner = _scene.AttachQuick();
        var (first, second) = (_scene.Submit(), _scene.Submit(limit: Limit));
        runner.Begin();
        runner.IsDeaf = true;
        _scene.Advance(Limit * 3);
        Assert.Equal(0, runner.Kills);
        runner.End();
        runner.Flush();
        runner.Begin();
        runner.Lie = LastStatus.Idle;
        _scene.Advance(Limit + (Scene.Second * 4));
        Assert.Equal(0, runner.Kills);

        _scene.Advance(Scene.Second * 2);
        Assert.True(first.HasReturned);
        Assert.Equal(1, runner.Kills);
        Assert.False(second.HasEnded);
    }

    [Fact]
    public void A_call_behind_another_is_not_judged_by_what_the_runner_says_of_it()
    {
        var runner = _scene.AttachQuick();
        var (_, second) = (_scene.Submit(), _scene.Submit(limit: Limit));
        runner.Begin();
        runner.IsDeaf = true;
        runner.Lie = new LastStatus(IsReadable: true, new RunningItem(second.Work.Id, 0, TimeSpan.FromDays(1)));
        _scene.Advance(Limit * 5);

        Assert.Equal(0, runner.Kills);
    }

    [Fact]
    public void Nothing_has_been_running_for_longer_than_it_has_been_there()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(limit: Limit);
        runner.Begin();
        runner.Lie = new LastStatus(IsReadable: true, runner.Running!.Value with { Elapsed = TimeSpan.FromDays(1) });
        _scene.Advance(Limit - Scene.Millisecond);

        Assert.Equal(0, runner.CompilationQuestions);
        Assert.False(call.HasEnded);
    }

    [Fact]
    public void Decoding_the_arguments_does_not_count()
    {
        var runner = _scene.Attach(prepare: static runner => runner.HasDecoded = false);
        _scene.Submit(limit: Scene.Second);
        runner.Begin();
        _scene.Advance(Scene.Second * 4);
        Assert.False(runner.IsTokenSignalled);
    }

    [Fact]
    public void What_is_compiled_meanwhile_is_added_to_the_limit_up_to_five_seconds()
    {
        var runner = _scene.Attach(prepare: static runner => runner.Compilation = Scene.Second * 3);
        _scene.Submit(limit: Limit);
        runner.Begin();
        _scene.Advance(Limit + (Scene.Second * 2));
        Assert.False(runner.IsTokenSignalled);
        runner.Compilation = TimeSpan.FromHours(1);
        _scene.Advance(Scene.Second * 2);
        Assert.False(runner.IsTokenSignalled);
        _scene.Advance(Scene.Second * 2);

        Assert.True(runner.IsTokenSignalled);
    }

    [Fact]
    public void A_function_that_was_not_handed_its_token_gets_no_grace_period()
    {
        var runner = _scene.Attach(prepare: static runner => runner.HandsTokens = false);
        var call = _scene.Submit(limit: Limit);
        runner.Begin();
        _scene.Advance(Limit + Scene.Millisecond);

        Assert.Equal(1, runner.Kills);
        Assert.Equal((StopCause.TimeLimit, (call.Work.Id, 0)), (runner.Order!.Cause, runner.Order.Call));
        runner.Die("SIGTERM", CallStop.Termination);
        var error = Assert.IsType<CallTimeoutException>(call.Error);
        Assert.Contains("it takes no token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stack_is_taken_late_in_the_grace_period_and_only_of_what_has_not_stopped()
    {
        var (stubborn, obedient) = (_scene.Attach(0), _scene.Attach(1));
        _scene.Submit(limit: Limit);
        _scene.Submit(limit: Limit);
        stubborn.Begin();
        obedient.Begin();
        _scene.Advance(Limit);
        obedient.Fail(new OperationCanceledException());
        obedient.Flush();
        _scene.Advance(Scene.Grace - Scene.Capture - Scene.Millisecond);
        Assert.Empty(stubborn.Captured);
        _scene.Advance(Scene.Millisecond * 2);

        Assert.Equal([0], stubborn.Captured);
        Assert.Empty(obedient.Captured);
        Assert.Equal(0, stubborn.Kills);
    }

    [Fact]
    public void A_call_may_have_a_grace_period_of_its_own()
    {
        var runner = _scene.Attach();
        _scene.Submit(_scene.New(1, isSequence: false, policy: new CallPolicy("Tests.Function", Limit, 1, 0, null) { GracePeriod = Scene.Second * 7 }));
        runner.Begin();
        _scene.Advance(Limit);
        _scene.Advance(Scene.Second * 6);
        Assert.Equal(0, runner.Kills);
        _scene.Advance(Scene.Second * 2);
        Assert.Equal(1, runner.Kills);
    }

    [Fact]
    public void A_page_that_moves_on_does_not_save_a_call_whose_end_is_not_told()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, limit: Limit);
        runner.Begin();
        _scene.Advance(Limit);
        runner.Lie = new LastStatus(IsReadable: true, new RunningItem(chunk.Work.Id, 1, TimeSpan.Zero));
        _scene.Advance(Scene.Grace);
        _scene.Advance(Scene.Second);

        Assert.Equal(1, runner.Kills);
    }

    [Fact]
    public void A_slow_call_is_reported_once_and_runs_on()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(_scene.New(1, isSequence: false, policy: new CallPolicy("Tests.Function", null, 1, 0, null) { SlowThreshold = Scene.Second }));
        runner.Begin();
        _scene.Advance(Scene.Second - Scene.Millisecond);
        Assert.Empty(runner.Slow);
        _scene.Advance(Scene.Second * 10);
        Assert.Single(runner.Slow);
        runner.End();
        runner.Flush();

        Assert.True(call.HasReturned);
        Assert.Equal(0, runner.Kills);
    }

    [Fact]
    public void Each_slow_item_of_a_chunk_is_reported_once()
    {
        var runner = _scene.Attach();
        _scene.Submit(_scene.New(3, policy: new CallPolicy("Tests.Function", null, 1, 0, null) { SlowThreshold = Scene.Second }));
        for (var i = 0; i < 3; i++)
        {
            runner.Begin();
            _scene.Advance(Scene.Second * (i == 1 ? 0.5 : 5));
            runner.End();
            runner.Flush();
        }

        Assert.Equal(2, runner.Slow.Count);
    }

    private void Run(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed <= time; passed += TimeSpan.FromMilliseconds(250))
        {
            _scene.Advance(TimeSpan.FromMilliseconds(250));
            _scene.Clock.OnBeat();
        }
    }
}
