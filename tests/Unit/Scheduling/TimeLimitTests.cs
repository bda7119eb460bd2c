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
        _scene.Advance(Limit * 100);
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

    private void Run(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed <= time; passed += TimeSpan.FromMilliseconds(250))
        {
            _scene.Advance(TimeSpan.FromMilliseconds(250));
            _scene.Clock.OnBeat();
        }
    }
}
