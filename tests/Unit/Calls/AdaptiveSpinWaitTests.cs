using Microsoft.Extensions.Time.Testing;
using MultiProc.Protocol.Calls;

namespace MultiProc.Unit.Calls;

public sealed class AdaptiveSpinWaitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdaptiveSpinWait _wait;

    // Each look takes 30 µs, so that there are four in a moment.
    private int _looks;

    public AdaptiveSpinWaitTests() => _wait = new AdaptiveSpinWait(_time);

    [Fact]
    public void It_looks_until_it_has_come()
    {
        Assert.True(Wait(comesWithLook: 3));
        Assert.Equal(3, _looks);
    }

    [Fact]
    public void It_looks_for_a_moment_and_no_longer()
    {
        Assert.False(Wait());
        Assert.Equal(4, _looks);
    }

    [Fact]
    public void After_four_times_in_vain_it_only_looks_once_and_waits_one_time_in_sixteen()
    {
        WaitInVain(4);

        var looks = Enumerable.Range(0, 48).Select(_ => LooksOf(() => Assert.False(Wait()))).ToArray();

        Assert.Equal([15, 31, 47], Enumerable.Range(0, looks.Length).Where(i => looks[i] == 4));
        Assert.All(looks, static count => Assert.True(count is 1 or 4));
    }

    [Fact]
    public void When_it_need_not_wait_it_says_so_also_after_many_times_in_vain()
    {
        WaitInVain(4);

        Assert.True(Wait(comesWithLook: 1));
    }

    [Fact]
    public void Once_it_was_worthwhile_it_waits_each_time_again()
    {
        WaitInVain(4 + 15);
        Assert.True(Wait(comesWithLook: 2));

        Assert.Equal([4, 4, 4, 4, 1], Enumerable.Range(0, 5).Select(_ => LooksOf(() => Wait())));
    }

    private void WaitInVain(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.False(Wait());
        }
    }

    private int LooksOf(Action wait)
    {
        wait();
        return _looks;
    }

    private bool Wait(int comesWithLook = int.MaxValue)
    {
        _looks = 0;
        return _wait.Wait(
            this,
            test =>
            {
                test._time.Advance(TimeSpan.FromMicroseconds(30));
                return ++test._looks == comesWithLook;
            });
    }
}
