namespace MultiProc.Unit.Scheduling;

public sealed class BudgetTests
{
    [Fact]
    public void A_runner_is_given_exactly_as_many_calls_as_it_may_run()
    {
        var scene = new Scene(maxTasks: 3);
        for (var i = 0; i < 8; i++)
        {
            scene.Submit();
        }

        FakeRunner[] runners = [scene.Attach(), scene.Attach(), scene.Attach()];
        foreach (var runner in runners)
        {
            runner.CompleteAll();
        }

        Assert.Equal([3, 3, 2], runners.Select(static runner => runner.Begun.Count));
        scene.AssertRules();
    }

    [Fact]
    public void A_chunk_is_split_where_the_budget_ends()
    {
        var scene = new Scene(maxTasks: 4);
        var chunk = scene.SubmitChunk(10);
        FakeRunner[] runners = [scene.Attach(), scene.Attach(), scene.Attach()];
        for (var round = 0; round < 2; round++)
        {
            foreach (var runner in runners)
            {
                runner.CompleteAll();
            }
        }

        Assert.Equal([4, 3, 3], runners.Select(static runner => runner.Begun.Count));
        Assert.True(chunk.HasReturned);
        scene.AssertRules();
    }

    [Fact]
    public void A_runner_from_which_calls_were_called_back_runs_as_many_as_it_may_all_the_same()
    {
        var scene = new Scene(maxTasks: 6);
        var runner = scene.AttachQuick(0);
        for (var i = 0; i < 8; i++)
        {
            scene.Submit();
        }

        runner.Begin();
        scene.Advance(Scene.Millisecond * 5);
        runner.Flush();
        Assert.Equal(0, runner.Waiting);
        Assert.Empty(scene.Owner.EventsOf(runner));

        for (var i = 0; i < 6; i++)
        {
            runner.CompleteAll(took: Scene.Millisecond);
        }

        Assert.Equal(6, runner.Begun.Count);
        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
        scene.AssertRules();
    }

    [Fact]
    public void The_owner_is_told_once_with_the_last_work_and_once_after_it()
    {
        var scene = new Scene(maxTasks: 2);
        var runner = scene.Attach();
        scene.Submit();
        runner.Complete(took: Scene.Second);
        Assert.Empty(scene.Owner.EventsOf(runner));

        scene.Submit();
        Assert.Equal(["retiring"], scene.Owner.EventsOf(runner));

        runner.Complete();
        scene.Submit();
        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
    }

    [Fact]
    public void The_owner_is_told_in_order_even_if_the_last_work_ends_at_once()
    {
        var scene = new Scene(maxTasks: 1);
        var runner = scene.Attach(prepare: static runner => runner.AfterSend = () => runner.Complete());
        scene.Submit();

        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
    }

    [Fact]
    public void A_runner_that_has_grown_too_large_retires_once_its_work_has_ended()
    {
        var scene = new Scene(maxMemory: 1_000);
        var runner = scene.Attach();
        var chunk = scene.SubmitChunk(2);
        runner.Begin();
        runner.WorkingSetBytes = 1_001;
        runner.Complete();
        Assert.Equal(["retiring"], scene.Owner.EventsOf(runner));

        var next = scene.Submit();
        runner.Complete();
        Assert.True(chunk.HasReturned);
        Assert.Equal(0, runner.Waiting);
        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
        scene.Attach().Complete();
        Assert.True(next.HasReturned);
    }

    [Fact]
    public void The_owner_is_told_in_order_even_if_a_runner_that_has_grown_too_large_has_nothing_left()
    {
        var scene = new Scene(maxMemory: 1_000);
        var runner = scene.Attach();
        scene.Submit();
        scene.Owner.Retiring = () => scene.Submit();
        runner.WorkingSetBytes = 1_001;
        runner.Complete();

        Assert.Equal(["retiring", "retired"], scene.Owner.EventsOf(runner));
    }

    [Fact]
    public void A_retired_runner_finishes_what_it_has_and_gets_nothing_new()
    {
        var scene = new Scene();
        var runner = scene.Attach();
        var running = scene.Submit();
        runner.Begin();
        scene.Dispatcher.Retire(runner);
        scene.Submit();
        runner.Complete();

        Assert.True(running.HasReturned);
        Assert.Equal(0, runner.Waiting);
        Assert.Equal(["retired"], scene.Owner.EventsOf(runner));
    }
}
