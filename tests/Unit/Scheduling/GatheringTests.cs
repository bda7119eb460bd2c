namespace MultiProc.Unit.Scheduling;

/// <summary>Work for a runner that has something to do gathers into one message; nobody waits for that who could run.</summary>
public sealed class GatheringTests
{
    private readonly Scene _scene;
    private readonly List<int> _messages = [];

    public GatheringTests() => _scene = new Scene(isDeferring: true) { Sending = sent => _messages.Add(sent.Count) };

    [Fact]
    public void A_runner_that_is_free_is_sent_its_work_at_once_and_one_that_is_busy_all_that_gathers_in_one_message()
    {
        var runner = _scene.AttachQuick();
        _messages.Clear();

        _scene.Submit();
        Assert.Equal([1], _messages);
        SubmitMany(9);
        Assert.Equal([1], _messages);

        _scene.SendDeferred();
        Assert.Equal([1, 9], _messages);
        runner.CompleteAll();
        Assert.Equal(Enumerable.Range(0, 11), runner.BegunCalls);
    }

    [Fact]
    public void A_result_sends_what_has_gathered_whoever_else_would_have()
    {
        var runner = _scene.AttachQuick();
        SubmitMany(10);
        _messages.Clear();

        runner.Begin();
        runner.End();
        runner.Flush();

        Assert.Equal([9], _messages);
        _scene.SendDeferred();
        Assert.Equal([9], _messages);
    }

    [Fact]
    public void What_has_gathered_for_a_runner_that_is_lost_runs_elsewhere_and_is_not_sent_to_the_dead()
    {
        var lost = _scene.AttachQuick(0);
        SubmitMany(10);
        lost.Begin();
        lost.Die();
        _messages.Clear();

        _scene.SendDeferred();
        Assert.Empty(_messages);
        var other = _scene.AttachQuick(1);
        other.CompleteAll();
        Assert.Equal(10, other.Begun.Count);
    }

    [Fact]
    public void What_has_gathered_behind_a_long_call_is_called_back_too()
    {
        var stuck = _scene.AttachQuick(0);
        SubmitMany(10);
        stuck.Begin();
        var free = _scene.Attach(1);

        _scene.Advance(Scene.Millisecond * 5);
        stuck.Flush();
        free.CompleteAll(took: Scene.Millisecond);

        Assert.Equal(9, free.Begun.Count);
        _scene.AssertRules();
    }

    [Fact]
    public void Once_as_many_are_busy_as_there_are_processors_and_calls_are_short_work_gathers_for_one_free_runner_after_the_other()
    {
        var runners = Enumerable.Range(0, 4).Select(slot => _scene.Attach(slot)).ToArray();
        foreach (var runner in runners)
        {
            _scene.Submit(slot: runner.Slot);
            runner.CompleteAll();
        }

        _messages.Clear();

        SubmitMany(2);
        Assert.Equal([1, 1], _messages);
        SubmitMany(70);
        Assert.Equal([1, 1], _messages);

        _scene.SendDeferred();
        Assert.Equal([1, 1, 6, 64], _messages.Order());
        Array.ForEach(runners, static runner => runner.CompleteAll());
        _scene.AssertRules();
    }

    [Fact]
    public void No_free_runner_waits_whose_calls_may_be_long()
    {
        for (var slot = 0; slot < 4; slot++)
        {
            _scene.Attach(slot);
        }

        SubmitMany(4);

        Assert.Equal([1, 1, 1, 1], _messages);
    }

    [Theory]
    [InlineData(0.002, 8)]
    [InlineData(0.1, 12)]
    public void Calls_that_only_compute_go_to_no_more_than_four_runners_for_each_processor(double milliseconds, int most)
    {
        var runners = AttachRunners(12, milliseconds);

        SubmitMany(3000);
        _scene.SendDeferred();

        Assert.Equal(most, runners.Count(static runner => runner.Waiting > 0));
        CompleteAll(runners);
        Assert.Equal(3000 + 12, runners.Sum(static runner => runner.Begun.Count));
        _scene.AssertRules();
    }

    [Fact]
    public void When_such_calls_turn_out_long_all_others_are_given_what_waits()
    {
        var runners = AttachRunners(12, milliseconds: 0.002);
        SubmitMany(3000);
        _scene.SendDeferred();
        var stuck = runners.Where(static runner => runner.Waiting > 0).ToArray();
        var others = runners.Except(stuck).ToArray();
        Array.ForEach(stuck, static runner => runner.Begin());

        _scene.Advance(Scene.Millisecond * 5);
        Array.ForEach(stuck, static runner => runner.Flush());
        _scene.SendDeferred();
        CompleteAll(others);

        Assert.Equal(3000 + 12, runners.Sum(static runner => runner.Begun.Count));
        Assert.All(stuck, static runner => Assert.Equal(2, runner.Begun.Count));
        _scene.AssertRules();
    }

    [Fact]
    public void One_that_alone_may_run_a_call_gets_it_however_many_are_busy()
    {
        var runners = AttachRunners(12, milliseconds: 0.002);
        SubmitMany(3000);
        _scene.SendDeferred();
        Assert.Equal(0, runners[11].Waiting);

        var pinned = _scene.Submit(slot: 11);

        Assert.NotEqual(0, runners[11].Waiting);
        CompleteAll(runners);
        Assert.Contains(pinned.Number, runners[11].BegunCalls);
        _scene.AssertRules();
    }

    [Fact]
    public void One_that_has_a_key_gets_what_asks_for_it_however_many_are_busy()
    {
        var runners = AttachRunners(12, milliseconds: 0.002);
        _scene.Submit(slot: 11, key: "eleven");
        runners[11].CompleteAll();
        SubmitMany(1000);
        _scene.SendDeferred();
        Assert.Equal(0, runners[11].Waiting);

        _scene.Submit(key: "eleven");
        _scene.SendDeferred();

        Assert.Equal(1, runners[11].Waiting);
        CompleteAll(runners);
        _scene.AssertRules();
    }

    [Theory]
    [InlineData(0.002, 9)]
    [InlineData(50.0, 1)]
    [InlineData(null, 1)]
    public void How_much_a_runner_is_given_ahead_depends_on_how_long_calls_run_there_and_not_on_when_that_is_heard(double? milliseconds, int most)
    {
        var runner = _scene.Attach(0);
        _scene.Submit();
        runner.Begin();
        _scene.Advance(Scene.Millisecond * 50);
        runner.RunTime = milliseconds is { } ran ? TimeSpan.FromMilliseconds(ran) : null;
        runner.End();
        runner.Flush();
        _messages.Clear();

        SubmitMany(10);
        _scene.SendDeferred();

        Assert.Equal(most == 1 ? [1] : [1, 9], _messages);
    }

    [Fact]
    public void What_comes_behind_much_that_is_under_way_waits_for_the_next_result()
    {
        var runner = _scene.AttachQuick();
        _messages.Clear();
        SubmitMany(1);
        SubmitMany(40);
        _scene.SendDeferred();
        Assert.Equal([1, 40], _messages);

        SubmitMany(10);
        _scene.SendDeferred();
        Assert.Equal([1, 40], _messages);

        runner.Begin();
        runner.End();
        runner.Flush();
        Assert.Equal([1, 40, 10], _messages);
    }

    [Fact]
    public void A_runner_whose_last_work_was_sent_and_ended_by_others_is_told_to_retire_before_it_has_retired()
    {
        var scene = new Scene(maxTasks: 2, isDeferring: true);
        var runner = scene.AttachQuick();
        var other = scene.Attach(1);
        scene.Submit(slot: 1);
        scene.Owner.Retiring = () =>
        {
            // The other's result sends whatever is to be sent.
            other.CompleteAll();
            runner.CompleteAll();
        };

        scene.Submit();

        Assert.Equal(2, runner.Begun.Count);
        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
    }

    // Whose calls have been so short.
    private FakeRunner[] AttachRunners(int count, double milliseconds)
    {
        var runners = Enumerable.Range(0, count).Select(slot => _scene.Attach(slot)).ToArray();
        foreach (var runner in runners)
        {
            _scene.Submit(slot: runner.Slot);
            runner.RunTime = TimeSpan.FromMilliseconds(milliseconds);
            runner.CompleteAll();
        }

        return runners;
    }

    private void CompleteAll(FakeRunner[] runners)
    {
        for (var round = 0; round < 100; round++)
        {
            Array.ForEach(runners, static runner => runner.CompleteAll());
            _scene.SendDeferred();
        }
    }

    private void SubmitMany(int count)
    {
        for (var call = 0; call < count; call++)
        {
            _scene.Submit();
        }
    }
}
