namespace MultiProc.Unit.Sharing;

public sealed class SharedBarrierTests
{
    [Fact]
    public async Task All_go_on_when_the_last_has_arrived_and_the_next_round_begins()
    {
        using var barrier = new SharedBarrier(3);
        for (var round = 0; round < 50; round++)
        {
            var first = barrier.SignalAndWaitAsync();
            var second = Task.Factory.StartNew(() => barrier.SignalAndWait(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Assert.False(first.IsCompleted);

            await barrier.SignalAndWaitAsync();
            await Task.WhenAll(first, second);
        }
    }

    [Fact]
    public async Task A_canceled_waiter_gives_up_its_place()
    {
        using var barrier = new SharedBarrier(2);
        using var cancellation = new CancellationTokenSource();
        var waiting = barrier.SignalAndWaitAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var next = barrier.SignalAndWaitAsync();

        Assert.False(next.IsCompleted);
        await barrier.SignalAndWaitAsync();
        await next;
    }

    [Fact]
    public async Task A_waiter_whose_time_is_up_gives_up_its_place()
    {
        using var barrier = new SharedBarrier(2);

        Assert.False(barrier.SignalAndWait(TimeSpan.FromMilliseconds(10)));

        var next = barrier.SignalAndWaitAsync();
        Assert.False(next.IsCompleted);
        Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
        await next;
    }

    [Fact]
    public void A_barrier_for_one_never_waits()
    {
        using var barrier = new SharedBarrier(1);

        barrier.SignalAndWait();

        Assert.Equal(1, barrier.Participants);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedBarrier(0));
    }

    [Fact]
    public async Task Disposing_ends_waits()
    {
        var barrier = new SharedBarrier(2);
        var waiting = barrier.SignalAndWaitAsync();

        barrier.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => barrier.SignalAndWaitAsync());
    }
}
