namespace MultiProc.Unit.Scheduling;

public sealed class RetryTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_call_is_tried_as_often_as_its_caller_allows_and_its_failure_lists_each_attempt()
    {
        var call = _scene.Submit(attempts: 3);
        FakeRunner[] runners = [_scene.Attach(0), _scene.Attach(1), _scene.Attach(2)];
        foreach (var runner in runners)
        {
            Assert.False(call.HasEnded);
            Assert.True(runner.Begin());
            _scene.Advance(Scene.Second);
            runner.Die(runner.Slot == 1 ? null : "SIGKILL");
        }

        var message = Assert.IsType<WorkerLostException>(call.Error).Message;
        Assert.Contains(
            $"All 3 attempts failed: worker w0 (process {runners[0].ProcessId}), ended by SIGKILL after 1000 ms; "
            + $"worker w1 (process {runners[1].ProcessId}), exit code 3 after 1000 ms; "
            + $"worker w2 (process {runners[2].ProcessId}), ended by SIGKILL after 1000 ms.",
            message, StringComparison.Ordinal);
        Assert.Equal(2, _scene.Dispatcher.Counters.Retried);
        _scene.AssertRules();
    }

    [Fact]
    public void A_retried_call_goes_before_those_that_came_later()
    {
        var lost = _scene.Attach();
        _scene.Submit(attempts: 2);
        _scene.Submit();
        lost.Begin();
        lost.Die();
        var other = _scene.Attach();
        other.CompleteAll();

        Assert.Equal([0, 1], other.BegunCalls);
    }

    [Fact]
    public void The_attempts_of_one_item_do_not_count_against_the_next()
    {
        var chunk = _scene.SubmitChunk(2, attempts: 2);
        var first = _scene.Attach();
        first.Begin();
        first.Die();

        var second = _scene.Attach();
        second.Complete();
        second.Die();

        _scene.Attach().CompleteAll();
        Assert.True(chunk.HasReturned, $"The second item was tried once only: {chunk.Error?.Message}");
    }

    [Fact]
    public void An_attempt_counts_only_if_the_call_had_begun()
    {
        var call = _scene.Submit();
        for (var i = 0; i < 2; i++)
        {
            _scene.Attach().Die();
        }

        _scene.Attach().Complete();
        Assert.True(call.HasReturned);
    }

    [Fact]
    public void What_the_function_itself_threw_is_not_tried_again()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit(attempts: 5);
        runner.Begin();
        runner.Fail(new FormatException("no"));
        runner.Flush();

        Assert.Equal("no", Assert.IsType<FormatException>(call.Error).Message);
        Assert.Single(runner.Begun);
    }
}
