using MultiProc.SharedStateChild;

namespace MultiProc.Specs.Sharing;

public sealed class SignalSpecs
{
    private const int Limit = 60_000;

    [Fact(Timeout = Limit)]
    public async Task Permits_of_a_killed_process_come_back()
    {
        using var semaphore = new SharedSemaphore(3);
        using var child = ChildProcess.Start("hold-permits", SharedHandle.Of(semaphore), 3);
        await child.ExpectAsync("held");
        Assert.Equal(0, semaphore.CurrentCount);
        var waiting = semaphore.AcquireAsync();

        child.Kill();

        using (await waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(5)))
        {
            Assert.Equal(2, semaphore.CurrentCount);
        }

        Assert.Equal(3, semaphore.CurrentCount);
    }

    [Fact(Timeout = Limit)]
    public async Task Permits_of_a_dead_process_are_had_without_waiting()
    {
        using var semaphore = new SharedSemaphore(1);
        using var child = ChildProcess.Start("hold-permits", SharedHandle.Of(semaphore), 1);
        await child.ExpectAsync("held");
        child.Kill();

        using var holder = semaphore.TryAcquire();

        Assert.NotNull(holder);
    }

    [Fact(Timeout = Limit)]
    public async Task An_event_releases_waiters_in_all_processes()
    {
        using var signal = new SharedEvent();
        var children = ChildProcess.Start(3, "wait-event", SharedHandle.Of(signal));
        try
        {
            await Task.WhenAll(children.Select(child => child.ExpectAsync("waiting")));
            signal.Set();
            await Task.WhenAll(children.Select(child => child.ExpectAsync("set")));
        }
        finally
        {
            Array.ForEach(children, child => child.Dispose());
        }
    }

    [Fact(Timeout = Limit)]
    public async Task An_event_set_by_another_process_is_seen()
    {
        using var signal = new SharedEvent();
        var waiting = signal.WaitAsync();
        using var child = ChildProcess.Start("set-event", SharedHandle.Of(signal));

        await waiting;

        Assert.True(signal.IsSet);
    }

    [Fact(Timeout = Limit)]
    public async Task A_barrier_lets_processes_go_on_only_together()
    {
        using var barrier = new SharedBarrier(3);
        using var first = ChildProcess.Start("meet", SharedHandle.Of(barrier), 100);
        using var second = ChildProcess.Start("meet", SharedHandle.Of(barrier), 100);

        for (var i = 0; i < 100; i++)
        {
            await barrier.SignalAndWaitAsync();
        }

        Assert.Equal(101, (await first.ReadToEndAsync()).Count);
        Assert.Equal(101, (await second.ReadToEndAsync()).Count);
    }

    [Fact(Timeout = Limit)]
    public async Task The_place_of_a_killed_waiter_at_a_barrier_is_withdrawn()
    {
        using var barrier = new SharedBarrier(3);
        using var victim = ChildProcess.Start("meet", SharedHandle.Of(barrier), 1);
        await victim.ExpectAsync("arriving");
        await Task.Delay(100); // most likely it has arrived; if not, the test is merely easier
        victim.Kill();

        var first = barrier.SignalAndWaitAsync();
        var second = barrier.SignalAndWaitAsync();
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);

        await barrier.SignalAndWaitAsync();
        await Task.WhenAll(first, second);
    }
}
