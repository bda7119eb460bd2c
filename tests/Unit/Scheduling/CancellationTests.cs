namespace MultiProc.Unit.Scheduling;

public sealed class CancellationTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_waiting_call_that_is_abandoned_never_begins()
    {
        var abandoned = _scene.Submit();
        var other = _scene.Submit();
        abandoned.Abandon();
        var runner = _scene.Attach();
        runner.CompleteAll();

        Assert.Equal([other.Number], runner.BegunCalls);
        Assert.False(abandoned.IsCompleted(0));
    }

    [Fact]
    public void A_call_that_waits_in_its_runner_never_begins_once_it_is_abandoned()
    {
        var runner = _scene.AttachQuick();
        _scene.Submit();
        var abandoned = _scene.Submit();
        var last = _scene.Submit();
        runner.Begin();
        abandoned.Abandon();
        runner.CompleteAll();

        Assert.DoesNotContain(abandoned.Number, runner.BegunCalls);
        Assert.True(last.HasReturned);
        Assert.Equal(0, _scene.Dispatcher.Counters.Queued);
    }

    [Fact]
    public void The_token_of_a_running_call_is_signalled_and_a_runner_that_obeys_lives_on()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit();
        runner.Begin();
        call.Abandon();
        Assert.True(runner.IsTokenSignalled);

        runner.Fail(new OperationCanceledException());
        runner.Flush();
        _scene.Submit();
        runner.Begin();
        _scene.Advance(Scene.Grace * 3);

        Assert.Equal(0, runner.Kills);
        Assert.False(call.IsCompleted(0));
    }

    [Fact]
    public void A_runner_that_ignores_the_token_is_killed_after_the_grace_period()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(attempts: 3);
        runner.Begin();
        call.Abandon();
        _scene.Advance(Scene.Grace - Scene.Millisecond);
        Assert.Equal(0, runner.Kills);

        _scene.Advance(Scene.Millisecond);
        Assert.Equal(1, runner.Kills);

        runner.Die();
        var other = _scene.Attach();
        Assert.Equal(0, other.Waiting);
        Assert.False(call.IsCompleted(0));
    }

    [Fact]
    public void A_runner_that_is_being_killed_gets_no_more_work_though_its_call_has_ended_after_all()
    {
        var doomed = _scene.Attach(0);
        var call = _scene.Submit();
        doomed.Begin();
        call.Abandon();
        _scene.Advance(Scene.Grace);
        var innocent = _scene.Submit();
        doomed.End();
        doomed.Flush();
        Assert.Equal(0, doomed.Waiting);

        doomed.Die();
        _scene.Attach(0).CompleteAll();
        Assert.True(innocent.HasReturned);
    }

    [Fact]
    public void What_waits_in_a_runner_that_is_being_killed_does_not_begin_there()
    {
        var doomed = _scene.Attach(0);
        var chunk = _scene.SubmitChunk(3, limit: Scene.Second);
        doomed.Begin();
        _scene.Advance(Scene.Second * 2);
        _scene.Advance(Scene.Grace);
        Assert.Equal(1, doomed.Kills);
        doomed.End();
        Assert.Null(doomed.Running);

        doomed.Die();
        _scene.Attach(0).CompleteAll();
        Assert.IsType<CallTimeoutException>(chunk.End(0));
        Assert.All([1, 2], item => Assert.IsType<CallItem>(chunk.End(item)));
    }

    [Fact]
    public void A_call_that_is_abandoned_while_it_is_being_sent_is_stopped_all_the_same()
    {
        var runner = _scene.Attach();
        var call = _scene.New(1, isSequence: false);
        runner.BeforeSend = call.Abandon;
        _scene.Submit(call);
        runner.Flush();

        Assert.False(runner.Begin());
        Assert.Equal(0, _scene.Dispatcher.Counters.Queued);
    }

    [Fact]
    public void Abandoning_a_chunk_reaches_all_the_parts_into_which_it_was_split()
    {
        var scene = new Scene(maxTasks: 2);
        FakeRunner[] runners = [scene.Attach(0), scene.Attach(1)];
        var chunk = scene.SubmitChunk(10);
        foreach (var runner in runners)
        {
            runner.Begin();
        }

        chunk.Abandon();
        Assert.All(runners, static runner => Assert.True(runner.IsTokenSignalled));
        foreach (var runner in runners)
        {
            runner.CompleteAll();
        }

        var late = scene.Attach(2);
        Assert.Equal(0, late.Waiting);
        Assert.Equal([1, 1], runners.Select(static runner => runner.Begun.Count));
        Assert.Equal(0, scene.Dispatcher.Counters.Queued);
        Assert.All(Enumerable.Range(0, 10), item => Assert.False(chunk.IsCompleted(item)));
    }

    [Fact]
    public void Abandoning_what_has_ended_does_nothing()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit();
        runner.Complete();
        call.Abandon();
        _scene.Advance(Scene.Grace * 2);

        Assert.True(call.HasReturned);
        Assert.Equal(0, runner.Kills);
    }
}
