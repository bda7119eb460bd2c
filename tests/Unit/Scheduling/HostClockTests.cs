using Microsoft.Extensions.Time.Testing;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>A host that did not get to run is simulated by time that passes without a beat.</summary>
public sealed class HostClockTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly HostClock _clock;

    public HostClockTests() => _clock = new HostClock(_time);

    [Fact]
    public void Time_in_which_the_host_runs_counts()
    {
        Run(40);

        Assert.Equal(Beat * 40, _clock.Counted(Beat * 40));
    }

    [Fact]
    public void A_beat_that_is_a_little_late_takes_nothing_away()
    {
        Run(1);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Run(1);

        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Counted(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_pause_does_not_count_whether_a_beat_has_come_after_it_or_not()
    {
        Run(4);
        _time.Advance(TimeSpan.FromSeconds(60));
        var before = _clock.Counted(TimeSpan.FromSeconds(61));
        Run(0);

        Assert.Equal(TimeSpan.FromSeconds(1) + Beat, before);
        Assert.Equal(before, _clock.Counted(TimeSpan.FromSeconds(61)));
    }

    [Fact]
    public void Only_the_part_of_a_pause_that_is_asked_for_is_taken_away()
    {
        Run(4);
        _time.Advance(TimeSpan.FromSeconds(60));
        Run(1);
        Run(4);

        Assert.Equal(TimeSpan.FromSeconds(1) + Beat, _clock.Counted(TimeSpan.FromSeconds(31)));
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Counted(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void What_is_due_waits_for_as_long_as_the_host_stood_still()
    {
        var isDone = false;
        Run(1);
        _clock.After(TimeSpan.FromSeconds(2), () => isDone = true);
        Run(4);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(isDone);
        Run(3);
        Assert.False(isDone);
        Run(1);

        Assert.True(isDone);
    }

    [Fact]
    public void What_is_disposed_is_not_done()
    {
        var isDone = false;
        _clock.After(TimeSpan.FromSeconds(2), () => isDone = true).Dispose();

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.False(isDone);
    }

    [Fact]
    public void A_clock_that_is_not_started_counts_everything()
    {
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(TimeSpan.FromSeconds(60), _clock.Counted(TimeSpan.FromSeconds(60)));
    }

    private void Run(int beats)
    {
        _clock.OnBeat();
        for (var beat = 0; beat < beats; beat++)
        {
            _time.Advance(Beat);
            _clock.OnBeat();
        }
    }
}
