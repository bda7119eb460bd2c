using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class LossTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void Of_calls_that_count_as_begun_together_the_observer_is_told_together_so_that_they_share_the_time()
    {
        var observer = new FakeObserver();
        var scene = new Scene(observer: observer);
        var runner = scene.AttachQuick();
        scene.Submit();
        scene.Submit();
        runner.Begin();
        scene.Advance(Scene.Millisecond);
        runner.Lie = LastStatus.Unreadable;

        runner.Die();

        Assert.Equal([RunOutcome.Lost, RunOutcome.Lost], Assert.Single(observer.Losses).Outcomes);
        Assert.Equal(Scene.Millisecond, observer.Losses[0].Elapsed);
    }

    [Fact]
    public void A_runner_that_says_of_many_items_at_once_that_they_failed_has_to_go_and_each_of_them_is_told_its_end()
    {
        var scene = new Scene();
        var runner = scene.Attach();
        var call = scene.SubmitChunk(3);
        runner.Begin();

        scene.Dispatcher.OnRecords(runner, [new ResultRecord(runner.Units[0], RecordKind.Fault, 0, 3, default)]);
        Assert.Equal(1, runner.Kills);
        Assert.False(call.HasEnded);

        runner.Die();
        scene.Attach().CompleteAll();
        Assert.True(call.HasEnded);
        Assert.True(scene.Dispatcher.Counters is { Completed: 2, Failed: 1, Queued: 0 });
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1_000_000, 0, 1)]
    [InlineData(null, 1, 1)]
    [InlineData(null, 0, 4)]
    [InlineData(null, 0, int.MaxValue)]
    public void A_runner_whose_results_leave_an_item_without_an_end_has_to_go_and_each_item_is_told_its_end(int? unit, int first, int count)
    {
        var scene = new Scene();
        var runner = scene.Attach();
        var call = scene.SubmitChunk(3);
        runner.Begin();

        // A header that was wiped out, a number that nobody has given out, an item that was skipped, more items than there are.
        scene.Dispatcher.OnRecords(runner, [new ResultRecord(unit ?? runner.Units[0], RecordKind.Values, first, count, default)]);
        Assert.Equal(1, runner.Kills);
        Assert.False(call.HasEnded);

        runner.Die();
        scene.Attach().CompleteAll();
        Assert.True(call.HasEnded);
        Assert.True(scene.Dispatcher.Counters is { Completed: 2, Failed: 1, Queued: 0 });
    }

    [Fact]
    public void The_result_of_a_warmup_call_is_nobodys_and_harms_nobody()
    {
        var scene = new Scene();
        var runner = scene.Attach();
        var call = scene.SubmitChunk(3);
        runner.Begin();

        scene.Dispatcher.OnRecords(runner, [new ResultRecord(WorkUnit.WarmupId, RecordKind.Values, 0, 1, default)]);

        Assert.Equal(0, runner.Kills);
        Assert.False(call.HasEnded);
    }

    [Fact]
    public void A_runner_lost_while_idle_costs_no_call_even_one_submitted_at_that_moment()
    {
        var idle = _scene.Attach();
        var call = _scene.Submit();
        idle.Die();
        Assert.False(call.HasEnded);

        _scene.Attach().CompleteAll();
        Assert.True(call.HasReturned);
        Assert.Equal(0, _scene.Dispatcher.Counters.Retried);
        _scene.AssertRules();
    }

    [Fact]
    public void A_runner_lost_in_a_chunk_fails_exactly_the_item_that_was_running()
    {
        var lost = _scene.Attach();
        var chunk = _scene.SubmitChunk(5);
        lost.Complete();
        lost.Complete();
        lost.Die();
        _scene.Attach().CompleteAll();

        Assert.IsType<WorkerLostException>(chunk.End(2));
        Assert.All([0, 1, 3, 4], item => Assert.IsType<CallItem>(chunk.End(item)));
        _scene.AssertRules();
    }

    [Fact]
    public void Results_in_the_journal_of_a_lost_runner_are_told()
    {
        var lost = _scene.Attach();
        var chunk = _scene.SubmitChunk(5);
        lost.Begin();
        lost.End();
        lost.End();
        lost.Die();
        _scene.Attach().CompleteAll();

        Assert.IsType<WorkerLostException>(chunk.End(2));
        Assert.All([0, 1, 3, 4], item => Assert.IsType<CallItem>(chunk.End(item)));
        _scene.AssertRules();
    }

    [Fact]
    public void Results_that_came_both_over_the_pipe_and_in_the_journal_are_told_once()
    {
        var lost = _scene.Attach();
        var chunk = _scene.SubmitChunk(3);
        lost.Complete();
        lost.Die(isCaughtFlushing: true);
        _scene.Attach().CompleteAll();

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.IsType<WorkerLostException>(chunk.End(1));
        Assert.IsType<CallItem>(chunk.End(2));
        _scene.AssertRules();
    }

    [Fact]
    public void What_waited_in_a_lost_runner_goes_on_elsewhere_before_what_came_later()
    {
        var lost = _scene.AttachQuick();
        for (var i = 0; i < 4; i++)
        {
            _scene.Submit();
        }

        lost.Begin();
        lost.Die();
        _scene.Submit();
        var other = _scene.Attach();
        other.CompleteAll();

        Assert.Equal([2, 3, 4, 5], other.BegunCalls);
    }

    [Fact]
    public void The_failure_says_which_worker_was_lost_how_and_in_what()
    {
        var lost = _scene.Attach(slot: 7);
        var call = _scene.Submit();
        lost.Begin();
        lost.Die("SIGSEGV");

        var error = Assert.IsType<WorkerLostException>(call.Error);
        Assert.Equal((7, lost.ProcessId, "SIGSEGV", null), (error.Slot, error.ProcessId, error.Signal, error.ExitCode));
        Assert.Equal(("last words", "Tests.Function"), (error.StandardErrorTail, error.Function));
        Assert.Contains($"Worker w7 (process {lost.ProcessId})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_report_ends_its_runner_and_what_came_before_it_is_told()
    {
        var runner = _scene.Attach();
        var call = _scene.Submit();
        runner.Begin();
        runner.Garble();

        Assert.True(call.HasReturned);
        Assert.Equal(1, runner.Kills);
    }
}
