namespace MultiProc.Unit.Scheduling;

public sealed class AffinityTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void Calls_of_one_key_wait_for_the_runner_that_had_the_first_though_another_is_free()
    {
        var first = _scene.Attach(0);
        var second = _scene.Attach(1);
        _scene.Submit(key: "k");
        first.Begin();
        _scene.Submit(key: "k");
        _scene.Submit(key: "k");

        Assert.Equal(0, second.Waiting);
        first.CompleteAll();
        Assert.Equal([0, 1, 2], first.BegunCalls);
    }

    [Fact]
    public void Calls_without_a_key_pass_by_those_that_wait_for_their_runner()
    {
        var first = _scene.Attach(0);
        var second = _scene.Attach(1);
        _scene.Submit(key: "k");
        first.Begin();
        _scene.Submit(key: "k");
        var free = _scene.Submit();
        second.Complete();

        Assert.True(free.HasReturned);
    }

    [Fact]
    public void When_their_runner_is_lost_calls_of_one_key_move_together_and_in_order()
    {
        var lost = _scene.Attach(0);
        FakeRunner[] others = [_scene.Attach(1), _scene.Attach(2)];
        for (var i = 0; i < 5; i++)
        {
            _scene.Submit(key: "k");
        }

        lost.Begin();
        lost.Die();
        foreach (var runner in others)
        {
            runner.CompleteAll();
        }

        var heir = Assert.Single(others, static runner => runner.Begun.Count > 0);
        Assert.Equal([1, 2, 3, 4], heir.BegunCalls);
        _scene.AssertRules();
    }

    [Fact]
    public void When_their_runner_is_made_to_end_calls_of_its_keys_go_to_one_that_is_free_at_once()
    {
        var stuck = _scene.Attach(0);
        var free = _scene.Attach(1);
        var first = _scene.Submit(key: "k");
        stuck.Begin();
        _scene.Submit(key: "k");
        first.Abandon();
        _scene.Advance(Scene.Grace);

        Assert.Equal((1, 1), (stuck.Kills, free.Waiting));
    }

    [Fact]
    public void What_is_called_back_goes_before_what_came_later_with_its_key()
    {
        var runner = _scene.AttachQuick();
        _scene.Submit();
        _scene.Submit();
        _scene.Submit(key: "k");
        runner.Begin();
        _scene.Advance(Scene.Millisecond * 5);
        _scene.Submit(key: "k");
        runner.End();
        runner.Flush();
        runner.CompleteAll();

        Assert.Equal([0, 1, 2, 3, 4], runner.BegunCalls);
    }

    [Fact]
    public void Different_keys_run_side_by_side()
    {
        var first = _scene.Attach(0);
        var second = _scene.Attach(1);
        _scene.Submit(key: "a");
        _scene.Submit(key: "b");
        _scene.Submit(key: "a");
        first.CompleteAll();
        second.CompleteAll();

        Assert.Equal([0, 2], first.BegunCalls);
        Assert.Equal([1], second.BegunCalls);
    }

    [Fact]
    public void Of_what_waits_for_one_runner_the_higher_priority_begins_first()
    {
        var runner = _scene.Attach();
        _scene.Submit(key: "k");
        runner.Begin();
        _scene.Submit(key: "k");
        _scene.Submit(priority: 1);
        _scene.Submit(key: "k", priority: 2);
        runner.CompleteAll();

        Assert.Equal([0, 3, 2, 1], runner.BegunCalls);
    }

    [Fact]
    public void The_key_of_a_runner_that_retires_is_free_for_another()
    {
        var old = _scene.Attach(0);
        _scene.Submit(key: "k");
        old.Begin();
        var call = _scene.Submit(key: "k");
        _scene.Dispatcher.Retire(old);
        var young = _scene.Attach(1);
        young.CompleteAll();

        Assert.True(call.HasReturned);
    }
}
