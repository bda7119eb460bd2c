namespace MultiProc.Unit.Scheduling;

public sealed class CountersTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void Queued_counts_items_that_have_not_begun_wherever_they_wait()
    {
        _scene.Submit();
        _scene.SubmitChunk(5);
        Assert.Equal(6, _scene.Dispatcher.Counters.Queued);

        var runner = _scene.Attach();
        Assert.Equal(6, _scene.Dispatcher.Counters.Queued);
        Assert.Equal(0, _scene.Dispatcher.Counters.Busy);

        runner.Begin();
        Assert.Equal(5, _scene.Dispatcher.Counters.Queued);
        Assert.Equal(1, _scene.Dispatcher.Counters.Busy);
    }

    [Fact]
    public void Each_item_is_counted_as_completed_or_failed()
    {
        var lost = _scene.Attach(0);
        _scene.SubmitChunk(3, attempts: 2);
        lost.Complete();
        lost.Die();
        var runner = _scene.Attach(1);
        runner.Begin();
        runner.Fail(new FormatException());
        runner.CompleteAll();
        _scene.Submit().Abandon();
        runner.CompleteAll();

        var counters = _scene.Dispatcher.Counters;
        Assert.Equal((2, 2, 0, 0), (counters.Completed, counters.Failed, counters.Queued, counters.Busy));
    }

    [Fact]
    public void The_label_of_what_a_runner_has_is_known_by_its_unit()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit();

        Assert.Equal("Tests.Function", _scene.Dispatcher.LabelOf(runner, call.Work.Id));
        Assert.Null(_scene.Dispatcher.LabelOf(runner, call.Work.Id + 1));
    }
}
