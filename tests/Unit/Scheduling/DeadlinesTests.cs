using Microsoft.Extensions.Time.Testing;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class DeadlinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HostClock _clock;
    private readonly Deadlines _deadlines;
    private readonly List<string> _done = [];

    public DeadlinesTests() => _deadlines = new Deadlines(_time, _clock = new HostClock(_time));

    [Fact]
    public void They_come_in_the_order_of_their_times_whichever_was_set_first()
    {
        Set("late", 30);
        Set("early", 10);
        Set("never", 31);

        Pass(30);

        Assert.Equal(["early", "late"], _done);
    }

    [Fact]
    public void The_timer_is_set_for_the_first_of_them_and_not_again_for_a_later_one()
    {
        Set("first", 20);
        Assert.Equal(Milliseconds(20), _deadlines.TimeToArm());
        Set("second", 25);
        Assert.Null(_deadlines.TimeToArm());
        Set("third", 5);
        Assert.Equal(Milliseconds(5), _deadlines.TimeToArm());

        Pass(5);

        Assert.Equal(Milliseconds(15), _deadlines.TimeToArm());
    }

    [Fact]
    public void One_that_was_cancelled_does_not_come_and_keeps_nothing_alive()
    {
        var cancelled = Set("cancelled", 10);
        Set("other", 10);

        _deadlines.Cancel(cancelled);
        _deadlines.Cancel(cancelled);
        Pass(10);

        Assert.Null(cancelled.Action);
        Assert.Equal(["other"], _done);
    }

    [Fact]
    public void Many_that_were_cancelled_do_not_stay_until_their_time()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _deadlines.Cancel(_deadlines.After(TimeSpan.FromDays(1), static () => { }));
        }

        Assert.InRange(_deadlines.Count, 0, 100);
    }

    [Fact]
    public void Time_in_which_the_host_stood_still_is_given_back_to_those_for_which_it_counts()
    {
        _clock.Start();
        Set("counted", 5_000);
        _deadlines.After(Milliseconds(5_000), () => _done.Add("not counted"), isCounted: false);

        // Without a beat meanwhile.
        _time.AdjustTime(_time.GetUtcNow() + Milliseconds(5_000));
        _deadlines.Run();

        Assert.Equal(["not counted"], _done);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private Deadline Set(string name, int milliseconds) => _deadlines.After(Milliseconds(milliseconds), () => _done.Add(name));

    private void Pass(int milliseconds)
    {
        _time.Advance(Milliseconds(milliseconds));
        _deadlines.Run();
    }
}
