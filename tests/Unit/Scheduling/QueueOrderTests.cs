namespace MultiProc.Unit.Scheduling;

public sealed class QueueOrderTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void Calls_begin_in_the_order_in_which_they_were_submitted()
    {
        for (var i = 0; i < 20; i++)
        {
            _scene.Submit();
        }

        var runner = _scene.Attach();
        runner.CompleteAll();

        Assert.Equal(Enumerable.Range(0, 20), runner.BegunCalls);
        Assert.All(_scene.Calls, static call => Assert.True(call.HasReturned));
        _scene.AssertRules();
    }

    [Fact]
    public void Of_what_waits_the_higher_priority_begins_first_and_equal_priorities_keep_their_order()
    {
        int[] priorities = [0, 5, -1, 5, 0, int.MaxValue, int.MinValue];
        foreach (var priority in priorities)
        {
            _scene.Submit(priority);
        }

        var runner = _scene.Attach();
        runner.CompleteAll();

        Assert.Equal([5, 1, 3, 0, 4, 2, 6], runner.BegunCalls);
    }

    [Fact]
    public void Work_spreads_over_all_runners_before_it_gathers_at_one()
    {
        FakeRunner[] runners = [_scene.Attach(0), _scene.Attach(1), _scene.Attach(2)];
        for (var i = 0; i < 3; i++)
        {
            _scene.Submit();
        }

        Assert.All(runners, static runner => Assert.Equal(1, runner.Waiting));
    }

    [Fact]
    public void A_runner_of_long_calls_is_given_one_at_a_time()
    {
        var runner = _scene.Attach();
        for (var i = 0; i < 10; i++)
        {
            _scene.Submit();
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, runner.Waiting);
            runner.Complete(took: Scene.Millisecond * 5);
        }
    }

    [Fact]
    public void A_runner_of_short_calls_is_given_many_at_once()
    {
        var runner = _scene.AttachQuick();
        for (var i = 0; i < 10; i++)
        {
            _scene.Submit();
        }

        Assert.Equal(10, runner.Waiting);
    }

    [Fact]
    public void A_submitted_call_goes_to_the_runner_that_is_free()
    {
        var busy = _scene.Attach(0);
        _scene.Submit();
        busy.Begin();
        var free = _scene.Attach(1);
        var call = _scene.Submit();
        free.Complete();

        Assert.True(call.HasReturned);
    }
}
