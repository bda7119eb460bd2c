using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Which calls a lost runner costs an attempt, whatever it says about itself.</summary>
public sealed class ChargingTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void If_nothing_can_be_read_every_call_that_was_sent_and_has_not_ended_counts_as_begun()
    {
        var (lost, calls) = AttachWith(4);
        lost.Begin();
        lost.End();
        lost.Begin();
        lost.Lie = LastStatus.Unreadable;
        lost.Die();
        var other = _scene.Attach();
        other.CompleteAll();

        Assert.True(calls[0].HasReturned, "It was in the journal.");
        Assert.All(calls[1..], static call => Assert.IsType<WorkerLostException>(call.Error));
        Assert.Empty(other.Begun);
    }

    [Fact]
    public void A_call_that_was_never_sent_counts_as_not_begun_whatever_can_be_read()
    {
        var lost = _scene.Attach();
        var (sent, waiting) = (_scene.Submit(), _scene.Submit());
        lost.Begin();
        lost.Lie = LastStatus.Unreadable;
        lost.Die();
        _scene.Attach().CompleteAll();

        Assert.IsType<WorkerLostException>(sent.Error);
        Assert.True(waiting.HasReturned);
    }

    [Fact]
    public void A_page_that_names_a_call_that_was_never_sent_there_is_not_believed()
    {
        var (lost, calls) = AttachWith(2);
        lost.Begin();
        lost.Lie = Naming(12_345, 0);
        lost.Die();

        Assert.All(calls, static call => Assert.IsType<WorkerLostException>(call.Error));
    }

    [Fact]
    public void A_page_that_names_a_call_that_ended_long_ago_is_not_believed()
    {
        var (lost, calls) = AttachWith(3);
        lost.Begin();
        var old = lost.Running!.Value;
        lost.Complete();
        lost.Complete();
        lost.Begin();
        lost.Lie = Naming(old.Unit, old.Item);
        lost.Die();

        Assert.True(calls[0].HasReturned && calls[1].HasReturned);
        Assert.IsType<WorkerLostException>(calls[2].Error);
    }

    [Fact]
    public void Between_two_calls_the_page_still_names_the_one_that_has_just_ended_and_nobody_is_charged()
    {
        var (lost, calls) = AttachWith(3);
        lost.Begin();
        var ended = lost.Running!.Value;
        lost.Complete();
        lost.Lie = Naming(ended.Unit, ended.Item);
        lost.Die();
        _scene.Attach().CompleteAll();

        Assert.All(calls, static call => Assert.True(call.HasReturned));
    }

    [Fact]
    public void What_is_in_front_of_the_call_on_the_page_has_begun_too_and_what_is_behind_it_has_not()
    {
        var (lost, calls) = AttachWith(4);
        lost.Lie = Naming(lost.Units[1], 0);
        lost.Die();
        _scene.Attach().CompleteAll();

        Assert.IsType<WorkerLostException>(calls[0].Error);
        Assert.IsType<WorkerLostException>(calls[1].Error);
        Assert.True(calls[2].HasReturned && calls[3].HasReturned);
    }

    [Fact]
    public void If_nothing_can_be_read_each_item_of_a_chunk_uses_an_attempt_and_is_tried_again_if_it_may()
    {
        var chunk = _scene.SubmitChunk(3, attempts: 2);
        var lost = _scene.Attach();
        lost.Begin();
        lost.Lie = LastStatus.Unreadable;
        lost.Die();
        Assert.False(chunk.HasEnded);
        Assert.Equal(3, _scene.Dispatcher.Counters.Retried);

        var second = _scene.Attach();
        second.Complete();
        second.Begin();
        second.Die();
        _scene.Attach().CompleteAll();

        Assert.IsType<CallItem>(chunk.End(0));
        Assert.Contains("All 2 attempts failed", Assert.IsType<WorkerLostException>(chunk.End(1)).Message, StringComparison.Ordinal);
        Assert.IsType<CallItem>(chunk.End(2));
    }

    [Fact]
    public void A_call_whose_runner_always_lies_begins_at_most_two_times_more_often_than_it_may()
    {
        var call = _scene.Submit(attempts: 2);
        var begins = 0;
        while (!call.HasEnded)
        {
            var liar = _scene.Attach();
            Assert.True(liar.Begin());
            begins++;
            liar.Lie = LastStatus.Idle;
            liar.Die();
        }

        Assert.Equal(4, begins);
        Assert.IsType<WorkerLostException>(call.Error);
    }

    [Fact]
    public void A_call_that_only_waited_behind_others_that_crash_still_runs()
    {
        var killers = Enumerable.Range(0, 6).Select(_ => _scene.Submit()).ToArray();
        var innocent = _scene.Submit();
        while (!innocent.HasEnded)
        {
            var runner = _scene.Attach();
            runner.Begin();
            if (runner.BegunCalls.Single() == innocent.Number)
            {
                runner.Complete();
            }
            else
            {
                runner.Die();
            }
        }

        Assert.All(killers, static call => Assert.IsType<WorkerLostException>(call.Error));
        Assert.True(innocent.HasReturned);
        _scene.AssertRules();
    }

    [Fact]
    public void After_two_uncharged_returns_a_call_has_a_runner_for_itself()
    {
        var (runner, calls) = AttachWith(2);
        runner.Begin();
        runner.GiveBack();
        runner.Flush();
        Assert.Equal(2, runner.Units.Count);
        runner.GiveBack();
        runner.Flush();
        Assert.Equal(WorkStage.Queued, calls[1].Work.Stage);

        runner.Complete();
        var later = _scene.Submit();
        Assert.Equal([calls[1].Work.Id], runner.Units);
        Assert.Equal(WorkStage.Queued, later.Work.Stage);
        runner.CompleteAll();
        Assert.True(calls[1].HasReturned && later.HasReturned);
    }

    [Fact]
    public void What_is_given_back_unasked_comes_again_twice_and_then_the_runner_has_to_go()
    {
        var call = _scene.Submit();
        var runner = _scene.Attach();
        for (var i = 0; i < 2; i++)
        {
            runner.GiveBack();
            runner.Flush();
            Assert.Equal(0, runner.Kills);
            Assert.Single(runner.Units);
        }

        runner.GiveBack();
        runner.Flush();
        Assert.Equal(1, runner.Kills);
        Assert.Equal(StopCause.Misbehaviour, runner.Order!.Cause);
        runner.Die();
        Assert.IsType<WorkerLostException>(call.Error);
    }

    [Fact]
    public void What_is_called_back_may_come_back_as_often_as_it_likes()
    {
        var waiting = _scene.Submit();
        var runner = _scene.Attach();
        runner.CompleteAll();
        var (blocker, call) = (_scene.Submit(), _scene.Submit());
        for (var i = 0; i < 5; i++)
        {
            Assert.True(runner.Begin());
            _scene.Advance(Scene.Millisecond * 3);
            Assert.Equal(0, runner.Waiting);
            runner.Flush();
            runner.End();
            runner.Flush();
            Assert.False(call.Work.MustRunAlone);
            runner.CompleteAll();
            (blocker, call) = (_scene.Submit(), _scene.Submit());
        }

        Assert.True(waiting.HasReturned && blocker.Work.UnchargedReturns == 0);
    }

    [Fact]
    public void A_runner_that_is_gone_is_given_nothing_more_while_its_journal_is_read()
    {
        var lost = _scene.Attach();
        _scene.Submit();
        var next = _scene.Submit();
        lost.Begin();
        lost.End();
        lost.Lie = LastStatus.Unreadable;
        lost.Die();

        Assert.False(next.HasEnded);
        _scene.Attach().CompleteAll();
        Assert.True(next.HasReturned);
    }

    private static LastStatus Naming(long unit, int item) => new(IsReadable: true, new RunningItem(unit, item, Scene.Second));

    /// <summary>A runner that has been sent calls, and has begun none.</summary>
    private (FakeRunner Runner, FakeCall[] Calls) AttachWith(int count)
    {
        var runner = _scene.AttachQuick();
        return (runner, [.. Enumerable.Range(0, count).Select(_ => _scene.Submit())]);
    }
}
