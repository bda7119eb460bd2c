using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class PinnedWorkTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_pinned_call_runs_in_its_slot_though_others_are_free()
    {
        var other = _scene.Attach(0);
        var own = _scene.Attach(1);
        var call = _scene.Submit(slot: 1);
        own.Complete();

        Assert.True(call.HasReturned);
        Assert.Empty(other.Begun);
    }

    [Fact]
    public void Pinned_calls_wait_for_the_next_runner_of_their_slot_and_keep_their_order()
    {
        var lost = _scene.Attach(1);
        _scene.Attach(0);
        for (var i = 0; i < 3; i++)
        {
            _scene.Submit(slot: 1);
        }

        lost.Die();
        _scene.Submit(slot: 1);
        var next = _scene.Attach(1);
        next.CompleteAll();

        Assert.Equal([0, 1, 2, 3], next.BegunCalls);
        _scene.AssertRules();
    }

    [Fact]
    public void A_pinned_call_whose_runner_is_lost_is_tried_again_in_its_slot_before_the_others()
    {
        var lost = _scene.Attach(1);
        _scene.Submit(slot: 1, attempts: 2);
        _scene.Submit(slot: 1);
        lost.Begin();
        lost.Die();
        var next = _scene.Attach(1);
        next.CompleteAll();

        Assert.Equal([0, 1], next.BegunCalls);
    }

    [Fact]
    public void A_runner_that_is_to_leave_for_good_runs_its_pinned_calls_first()
    {
        var leaving = _scene.Attach(0);
        _scene.Submit();
        leaving.Begin();
        var pinned = _scene.Submit(slot: 0);
        _scene.Dispatcher.Retire(leaving);
        leaving.CompleteAll();

        Assert.True(pinned.HasReturned);
        Assert.Equal(["retired"], _scene.Owner.EventsOf(leaving));
    }

    [Fact]
    public void A_pinned_call_can_be_abandoned_while_its_slot_is_empty()
    {
        var call = _scene.Submit(slot: 3);
        call.Abandon();

        Assert.Equal(0, _scene.Attach(3).Waiting);
    }

    [Fact]
    public void What_is_pinned_to_a_slot_without_a_runner_ends_when_the_slot_is_removed_and_also_when_it_comes_later()
    {
        _scene.Dispatcher.SetSlots(2);
        _scene.Attach(0);
        var (early, kept) = (_scene.Submit(slot: 1), _scene.Submit(slot: 0));

        _scene.Dispatcher.SetSlots(1);
        _scene.Dispatcher.Review();
        var late = _scene.Submit(slot: 1);

        Assert.IsType<SlotRemovedException>(early.Error);
        Assert.IsType<SlotRemovedException>(late.Error);
        Assert.False(kept.HasEnded);
    }

    [Fact]
    public void What_is_pinned_to_a_runner_that_leaves_its_removed_slot_still_runs_there_and_ends_if_that_is_lost()
    {
        _scene.Dispatcher.SetSlots(1);
        var runner = _scene.Attach(0);
        var (first, second) = (_scene.Submit(slot: 0), _scene.Submit(slot: 0));

        _scene.Dispatcher.SetSlots(0);
        _scene.Dispatcher.Retire(runner);
        runner.Complete();
        runner.Die();

        Assert.True(first.HasReturned);
        Assert.IsType<SlotRemovedException>(second.Error);
    }
}
