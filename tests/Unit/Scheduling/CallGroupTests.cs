using System.Runtime.InteropServices;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Brief calls that wait in great number travel together, and nobody notices.</summary>
public sealed class CallGroupTests
{
    // What is sent as it comes, until much is under way; and what must wait behind that.
    private const int Ahead = 32;
    private const int Backlog = 16;

    private readonly List<Work> _sent = [];
    private readonly Scene _scene;
    private readonly FakeRunner _runner;

    public CallGroupTests()
    {
        _scene = new Scene { Sending = works => _sent.AddRange(works) };
        _runner = _scene.AttachQuick();
        _sent.Clear();

        // Arguments in different arrays do not join: these are all in a new one.
        var first = Array();
        while (Array() == first)
        {
        }
    }

    [Fact]
    public void Behind_a_backlog_calls_join_and_each_is_told_its_own_result()
    {
        SubmitMany(Ahead + Backlog + (3 * CallGroup.MaxCalls));

        Assert.Equal(Ahead + Backlog + (3 * CallGroup.MaxCalls), _scene.Dispatcher.Counters.Queued);
        _runner.CompleteAll();

        // The last of the backlog takes up the first that may join.
        Assert.Equal([.. Enumerable.Repeat(1, Ahead + Backlog - 1), 16, 16, 16, 1], _sent.Select(static work => work.Unit.Count));
        Assert.Equal(Enumerable.Range(0, Ahead + Backlog + (3 * CallGroup.MaxCalls) + 1), _runner.BegunCalls);
        AssertAllReturned();
        Assert.Equal(_scene.Calls.Count(), _scene.Dispatcher.Counters.Completed);
    }

    [Fact]
    public void One_that_throws_fails_alone()
    {
        SubmitMany(Ahead + Backlog + 8);
        RunUntilGroup();
        _runner.Begin();
        _runner.End();
        _runner.Fail(new FormatException("bad"));
        _runner.CompleteAll();

        var failed = Assert.Single(_scene.Calls, static call => !call.HasReturned);
        Assert.Equal(("bad", Ahead + Backlog + 1), (Assert.IsType<FormatException>(failed.Error).Message, failed.Number));
        _scene.AssertRules();
    }

    [Fact]
    public void A_runner_that_dies_costs_the_call_that_it_was_in()
    {
        SubmitMany(Ahead + Backlog + 8);
        RunUntilGroup();
        _runner.Begin();
        _runner.End();
        _runner.End();
        _runner.Die();
        _scene.Attach(1).CompleteAll();

        var lost = Assert.Single(_scene.Calls, static call => !call.HasReturned);
        Assert.Equal(Ahead + Backlog + 2, lost.Number);
        Assert.Contains(nameof(CallOptions) + "." + nameof(CallOptions.MaxAttempts), Assert.IsType<WorkerLostException>(lost.Error).Message);
        _scene.AssertRules();
    }

    [Fact]
    public void Those_behind_a_long_one_are_called_back_even_if_nobody_is_free()
    {
        SubmitMany(Ahead + Backlog + 8);
        RunUntilGroup();
        _runner.Begin();
        _scene.Advance(Scene.Millisecond * 5);
        _runner.Flush();

        Assert.Equal(8, _scene.Dispatcher.Counters.Queued);
        _scene.Attach(1).CompleteAll();
        _runner.CompleteAll();
        AssertAllReturned();
    }

    [Fact]
    public void Nothing_joins_a_short_queue_or_calls_that_take_long()
    {
        SubmitMany(Ahead + Backlog);
        _runner.CompleteAll(took: Scene.Millisecond);
        SubmitMany(Backlog + 8);
        _runner.CompleteAll();

        Assert.All(_sent, static work => Assert.Equal(1, work.Unit.Count));
        AssertAllReturned();
    }

    [Fact]
    public void Calls_of_different_kinds_do_not_join()
    {
        var urgent = new CallPolicy("Tests.Function", null, 1, Priority: 1, null);
        var patient = new CallPolicy("Tests.Function", null, MaxAttempts: 2, 0, null);
        SubmitMany(Ahead + Backlog);
        for (var i = 0; i < 8; i++)
        {
            _scene.SubmitPlain();
            _scene.SubmitPlain(patient);
            _scene.SubmitPlain(urgent);
            _scene.Submit();
            _scene.SubmitChunk(2);
        }

        _runner.CompleteAll();

        // One that waited joins the backlog's last; then nothing has its like before it.
        Assert.Equal([2], _sent.Where(static work => work.IsCallGroup).Select(static work => work.Unit.Count));
        AssertAllReturned();
    }

    [Theory]
    [InlineData(null, "key")]
    [InlineData(1, null)]
    public void Calls_with_a_key_or_a_limit_do_not_join(int? seconds, string? key)
    {
        var policy = new CallPolicy("Tests.Function", seconds is { } limit ? TimeSpan.FromSeconds(limit) : null, MaxAttempts: 1, Priority: 0, key);
        for (var i = 0; i < Ahead + Backlog + 8; i++)
        {
            _scene.SubmitPlain(policy);
        }

        _runner.CompleteAll();
        Assert.All(_sent, static work => Assert.False(work.IsCallGroup));
        AssertAllReturned();
    }

    [Fact]
    public void Behind_the_end_nothing_joins()
    {
        SubmitMany(Ahead + Backlog + 8);
        _scene.Dispatcher.Close();

        Assert.Throws<InvalidOperationException>(() => _scene.SubmitPlain());
        _runner.CompleteAll();
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public void When_the_pool_ends_each_is_told()
    {
        SubmitMany(Ahead + Backlog + 8);
        _scene.Dispatcher.Close();
        _scene.Dispatcher.Fault(static () => new PoolEndedException());
        _runner.Die();

        Assert.All(_scene.Calls.Skip(1), static call => Assert.True(call.HasEnded));
        _scene.AssertRules();
    }

    private static byte[]? Array() => MemoryMarshal.TryGetArray(ArgumentSlices.Copy(new byte[ArgumentSlices.MaxLength]), out var slice) ? slice.Array : null;

    private void SubmitMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _scene.SubmitPlain();
        }
    }

    private void RunUntilGroup()
    {
        for (var call = 0; call < Ahead + Backlog - 1; call++)
        {
            _runner.Complete();
        }
    }

    private void AssertAllReturned()
    {
        Assert.All(_scene.Calls, static call => Assert.True(call.HasReturned, $"call {call.Number}"));
        _scene.AssertRules();
    }
}
