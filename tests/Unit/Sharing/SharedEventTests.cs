namespace MultiProc.Unit.Sharing;

public sealed class SharedEventTests
{
    [Fact]
    public async Task A_set_event_lets_everybody_through_until_it_is_reset()
    {
        using var signal = new SharedEvent(isSet: true);

        await signal.WaitAsync();
        signal.Wait();
        signal.Reset();

        Assert.False(signal.IsSet);
        Assert.False(signal.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task Setting_releases_all_waiters()
    {
        using var signal = new SharedEvent();
        var waiting = Enumerable.Range(0, 10).Select(_ => signal.WaitAsync()).ToList();
        waiting.Add(Task.Factory.StartNew(() => signal.Wait(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        signal.Set();

        await Task.WhenAll(waiting);
        Assert.True(signal.IsSet);
    }

    [Fact]
    public async Task Waiters_go_on_even_if_the_event_is_reset_at_once()
    {
        using var signal = new SharedEvent();
        for (var i = 0; i < 100; i++)
        {
            var waiting = signal.WaitAsync();
            signal.Set();
            signal.Reset();
            await waiting;
        }
    }

    [Fact]
    public async Task Waits_can_be_canceled()
    {
        using var signal = new SharedEvent();
        using var cancellation = new CancellationTokenSource();
        var waiting = signal.WaitAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Throws<OperationCanceledException>(() => signal.Wait(cancellation.Token));
    }

    [Fact]
    public async Task Disposing_ends_waits()
    {
        var signal = new SharedEvent();
        var waiting = signal.WaitAsync();

        signal.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(signal.Set);
        Assert.Throws<ObjectDisposedException>(signal.Reset);
        Assert.Throws<ObjectDisposedException>(() => signal.IsSet);
    }
}
