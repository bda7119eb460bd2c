using System.Buffers.Binary;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Scheduling;

public sealed class RecallTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void What_waits_behind_a_long_call_runs_elsewhere_in_the_order_of_submission()
    {
        var stuck = _scene.AttachQuick(0);
        for (var i = 0; i < 6; i++)
        {
            _scene.Submit();
        }

        stuck.Begin();
        var free = _scene.Attach(1);
        _scene.Advance(Scene.Millisecond * 5);
        stuck.Flush();
        free.CompleteAll(took: Scene.Millisecond);

        Assert.Equal([2, 3, 4, 5, 6], free.BegunCalls);
        _scene.AssertRules();
    }

    [Fact]
    public void What_came_back_from_a_runner_in_a_long_call_is_not_sent_there_again()
    {
        var stuck = _scene.AttachQuick();
        for (var i = 0; i < 6; i++)
        {
            _scene.Submit();
        }

        stuck.Begin();
        _scene.Advance(Scene.Millisecond * 5);
        stuck.Flush();

        Assert.Equal(0, stuck.Waiting);
    }

    [Fact]
    public void What_came_back_keeps_its_place_even_if_it_comes_back_in_pieces()
    {
        var stuck = _scene.AttachQuick(0);
        var first = _scene.SubmitChunk(1);
        var second = _scene.SubmitChunk(1);
        var third = _scene.SubmitChunk(1);
        stuck.Begin();
        stuck.Recall([second.Work.Id]);
        stuck.Flush();
        stuck.Recall([third.Work.Id]);
        stuck.Flush();
        stuck.CompleteAll();

        Assert.Equal([0, first.Number, second.Number, third.Number], stuck.BegunCalls);
    }

    [Fact]
    public void Nothing_overtakes_what_is_being_called_back()
    {
        var runner = _scene.AttachQuick();
        for (var i = 0; i < 32; i++)
        {
            _scene.Submit();
        }

        for (var i = 0; i < 30; i++)
        {
            runner.Begin();
            runner.End();
        }

        // All but the last have ended, and were short on the average: without the last one, it would have room for more.
        runner.Begin();
        runner.IsDeaf = true;
        _scene.Advance(Scene.Millisecond * 5);
        runner.End();
        runner.Flush();
        _scene.Submit();
        runner.Hear();
        runner.Flush();
        runner.CompleteAll();

        Assert.Equal(Enumerable.Range(0, 34), runner.BegunCalls);
    }

    [Fact]
    public void Calls_of_one_key_keep_their_order_when_they_are_called_back()
    {
        var runner = _scene.AttachQuick();
        for (var i = 0; i < 300; i++)
        {
            _scene.Submit(key: "k");
        }

        runner.Begin();
        _scene.Advance(Scene.Millisecond * 5);
        runner.Flush();
        runner.CompleteAll();

        Assert.Equal(Enumerable.Range(0, 301), runner.BegunCalls);
    }

    [Fact]
    public void The_rest_of_a_chunk_behind_a_long_item_is_shared_out()
    {
        var stuck = _scene.Attach(0);
        var chunk = _scene.SubmitChunk(10, isDivisible: true);
        stuck.Begin();
        var free = _scene.Attach(1);
        _scene.Advance(Scene.Millisecond * 5);
        stuck.Flush();
        free.CompleteAll();

        Assert.Equal(9, free.Begun.Count);
        Assert.False(chunk.HasEnded);
        stuck.Complete();
        Assert.True(chunk.HasReturned);
        _scene.AssertRules();
    }

    [Fact]
    public void The_rest_of_a_chunk_is_shared_out_when_another_has_nothing_to_do_however_short_its_items()
    {
        var busy = _scene.Attach(0);
        var chunk = _scene.SubmitChunk(100, isDivisible: true);
        busy.Begin();
        var free = _scene.Attach(1);
        EndItems(busy, 5);
        busy.Flush();

        Assert.InRange(free.Waiting, 1, 100);
        free.CompleteAll();
        busy.CompleteAll();
        free.CompleteAll();
        Assert.True(chunk.HasReturned);
        _scene.AssertRules();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chunk_that_waits_behind_another_is_given_to_one_that_has_nothing_to_do(bool isDivisible)
    {
        var busy = _scene.AttachQuick(0);
        var first = _scene.SubmitChunk(100, isDivisible: isDivisible);
        var second = _scene.SubmitChunk(100, isDivisible: isDivisible);
        busy.Begin();
        Assert.Equal(1, busy.Waiting);
        var free = _scene.Attach(1);
        EndItems(busy, 5);
        busy.Flush();

        Assert.NotEqual(0, free.Waiting);
        free.CompleteAll();
        Assert.Contains(second.Number, free.BegunCalls);
        busy.CompleteAll();
        free.CompleteAll();
        Assert.True(first.HasReturned && second.HasReturned);
        _scene.AssertRules();
    }

    [Fact]
    public void One_chunk_of_short_items_waits_at_its_runner_and_none_of_long_ones()
    {
        var runner = _scene.Attach(0);
        Assert.Equal(1, WaitingBehind(TimeSpan.FromMicroseconds(100)));
        Assert.Equal(0, WaitingBehind(Scene.Millisecond * 5));

        int WaitingBehind(TimeSpan item)
        {
            _scene.SubmitChunk(10);
            runner.CompleteAll(item);
            for (var chunk = 0; chunk < 3; chunk++)
            {
                _scene.SubmitChunk(10);
            }

            runner.Begin();
            var waiting = runner.Waiting;
            runner.CompleteAll(item);
            return waiting;
        }
    }

    [Fact]
    public void What_a_runner_says_of_how_long_items_took_is_believed()
    {
        var runner = _scene.Attach(0);
        var chunk = _scene.SubmitChunk(4);
        var took = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(took, 8_000_000);

        _scene.Dispatcher.OnRecords(runner, [new ResultRecord(chunk.Work.Id, RecordKind.Took, 0, 4, took)]);
        Assert.False(chunk.HasEnded);
        runner.CompleteAll(Scene.Second);

        Assert.Equal(2.0, chunk.Work.ItemMilliseconds);
        Assert.True(chunk.HasReturned);
    }

    [Fact]
    public void A_chunk_whose_size_the_caller_chose_stays_whole()
    {
        var stuck = _scene.Attach(0);
        _scene.SubmitChunk(10);
        stuck.Begin();
        var free = _scene.Attach(1);
        _scene.Advance(Scene.Millisecond * 50);
        stuck.Flush();

        Assert.Equal(0, free.Waiting);
    }

    [Fact]
    public void Pinned_calls_are_not_called_back()
    {
        var stuck = _scene.AttachQuick();
        _scene.Submit();
        _scene.Submit(slot: 0);
        stuck.Begin();
        _scene.Advance(Scene.Millisecond * 5);
        stuck.Flush();

        Assert.Equal(1, stuck.Waiting);
    }

    // A millisecond each.
    private void EndItems(FakeRunner runner, int count)
    {
        for (var item = 0; item < count; item++)
        {
            _scene.Advance(Scene.Millisecond);
            runner.End();
        }
    }
}
