using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class AffinityTableTests
{
    private readonly AffinityTable _table = new(idleKept: 3);
    private readonly RunnerState _seat = new(new Scene().Attach(), new Orders([]), budget: null, widest: 1);

    [Fact]
    public void Of_the_keys_without_open_work_the_ones_used_last_are_remembered()
    {
        for (var i = 0; i < 100; i++)
        {
            Use($"{i}");
            Use("often");
        }

        Assert.Equal(3, _table.Count);
        Assert.Same(_seat, _table.Find("often"));
        Assert.Same(_seat, _table.Find("99"));
        Assert.Null(_table.Find("97"));
    }

    [Fact]
    public void A_key_with_open_work_is_remembered_however_many_come_after_it()
    {
        _table.Open("open");
        _table.Bind("open", _seat);
        _table.Open("open");
        _table.Close("open");
        for (var i = 0; i < 100; i++)
        {
            Use($"{i}");
        }

        Assert.Same(_seat, _table.Find("open"));
    }

    [Fact]
    public void When_a_runner_leaves_its_open_keys_are_free_and_the_others_forgotten()
    {
        Use("idle");
        _table.Open("open");
        _table.Bind("open", _seat);

        _table.Release(_seat);

        Assert.Equal(1, _table.Count);
        Assert.Null(_table.Find("open"));
        _table.Close("open");
        Assert.Equal(0, _table.Count);
    }

    private void Use(string key)
    {
        _table.Open(key);
        _table.Bind(key, _seat);
        _table.Close(key);
    }
}
