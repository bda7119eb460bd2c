namespace MultiProc.Unit.Scheduling;

public sealed class ShutdownTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void After_closing_new_calls_are_refused_and_accepted_ones_still_run()
    {
        var call = _scene.Submit();
        _scene.Dispatcher.Close();
        Assert.Throws<InvalidOperationException>(() => _scene.Submit());
        Assert.Throws<InvalidOperationException>(_scene.Dispatcher.BeginSequence);
        Assert.False(_scene.Dispatcher.Drained.IsCompleted);

        _scene.Attach().Complete();
        Assert.True(call.HasReturned);
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public void An_open_sequence_may_submit_after_closing_and_holds_the_end_up()
    {
        _scene.Dispatcher.BeginSequence();
        _scene.Dispatcher.Close();
        var chunk = _scene.SubmitChunk(2);
        _scene.Attach().CompleteAll();
        Assert.True(chunk.HasReturned);
        Assert.False(_scene.Dispatcher.Drained.IsCompleted);

        _scene.Dispatcher.EndSequence();
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public void Drained_means_that_the_last_end_has_been_told()
    {
        var runner = _scene.Attach();
        var call = _scene.New(1, isSequence: false);
        var wasDrained = false;
        call.Telling = () => wasDrained = _scene.Dispatcher.Drained.IsCompleted;
        _scene.Submit(call);
        _scene.Dispatcher.Close();
        runner.Complete();

        Assert.False(wasDrained);
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public void A_fault_fails_what_waits_and_what_is_submitted_later_but_not_what_runs()
    {
        var runner = _scene.Attach();
        var running = _scene.Submit();
        runner.Begin();
        FakeCall[] waiting = [_scene.Submit(), _scene.Submit(key: "k"), _scene.Submit(slot: 9)];
        _scene.Dispatcher.Fault(static () => new WorkerStartException("no worker starts"));
        var later = _scene.Submit();

        Assert.All([.. waiting, later], static call => Assert.IsType<WorkerStartException>(call.Error));
        runner.Complete();
        Assert.True(running.HasReturned);
    }

    [Fact]
    public void After_a_fault_a_lost_call_is_not_tried_again()
    {
        var runner = _scene.Attach();
        var chunk = _scene.SubmitChunk(3, attempts: 5);
        runner.Begin();
        _scene.Dispatcher.Fault(static () => new WorkerStartException("no worker starts"));
        runner.Die();

        Assert.True(chunk.HasEnded);
        _scene.AssertRules();
    }

    [Fact]
    public void A_call_refused_by_a_fault_gives_its_place_in_the_queue_back()
    {
        using var places = new SemaphoreSlim(0, 1);
        var scene = new Scene(places: places);
        scene.Dispatcher.Fault(static () => new WorkerStartException("no worker starts"));
        var call = scene.New(1, isSequence: false);
        call.Work.HoldsQueuePermit = true;
        scene.Submit(call);

        Assert.IsType<WorkerStartException>(call.Error);
        Assert.Equal(1, places.CurrentCount);
    }

    [Fact]
    public void A_place_in_the_queue_is_given_back_when_the_call_leaves_it()
    {
        using var places = new SemaphoreSlim(0, 2);
        var scene = new Scene(places: places);
        var abandoned = scene.New(1, isSequence: false);
        abandoned.Work.HoldsQueuePermit = true;
        scene.Submit(abandoned);
        abandoned.Abandon();
        Assert.Equal(1, places.CurrentCount);

        var run = scene.New(1, isSequence: false);
        run.Work.HoldsQueuePermit = true;
        scene.Submit(run);
        scene.Attach();
        Assert.Equal(2, places.CurrentCount);
    }

    [Fact]
    public void Termination_ends_everything_at_once_and_once()
    {
        var runner = _scene.AttachQuick();
        var chunk = _scene.SubmitChunk(2);
        FakeCall[] calls = [_scene.Submit(), _scene.Submit(key: "k"), _scene.Submit(slot: 9)];
        runner.Complete();
        _scene.Dispatcher.Close();
        _scene.Dispatcher.FailAll(static () => new OperationCanceledException());

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.IsType<OperationCanceledException>(chunk.End(1));
        Assert.All(calls, static call => Assert.IsType<OperationCanceledException>(call.Error));
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);

        runner.End();
        runner.Flush();
        runner.Die();
        _scene.AssertRules();
    }

    [Fact]
    public void Termination_tells_nothing_to_those_who_gave_up()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit();
        runner.Begin();
        call.Abandon();
        _scene.Dispatcher.Close();
        _scene.Dispatcher.FailAll(static () => new OperationCanceledException());

        Assert.False(call.IsCompleted(0));
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }
}
