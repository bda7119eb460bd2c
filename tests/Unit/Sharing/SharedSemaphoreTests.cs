namespace MultiProc.Unit.Sharing;

public sealed class SharedSemaphoreTests
{
    [Fact]
    public void As_many_hold_permits_as_there_are()
    {
        using var semaphore = new SharedSemaphore(2);
        var first = semaphore.Acquire();
        using var second = semaphore.TryAcquire();

        Assert.Equal(0, semaphore.CurrentCount);
        Assert.Null(semaphore.TryAcquire());
        first.Dispose();
        first.Dispose();

        Assert.Equal(1, semaphore.CurrentCount);
    }

    [Fact]
    public void Releasing_adds_permits_and_tells_how_many_were_free()
    {
        using var semaphore = new SharedSemaphore(0);

        Assert.Equal(0, semaphore.Release());
        Assert.Equal(1, semaphore.Release(3));
        Assert.Equal(4, semaphore.CurrentCount);
    }

    [Fact]
    public void A_permit_may_be_given_back_by_Release_instead_of_its_holder()
    {
        using var semaphore = new SharedSemaphore(1);
        _ = semaphore.Acquire();

        semaphore.Release();

        Assert.Equal(1, semaphore.CurrentCount);
    }

    [Fact]
    public async Task Several_permits_released_at_once_wake_as_many_waiters()
    {
        using var semaphore = new SharedSemaphore(0);
        var waiting = Enumerable.Range(0, 3).Select(_ => semaphore.AcquireAsync().AsTask()).ToList();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        semaphore.Release(2);

        waiting.Remove(await Task.WhenAny(waiting));
        waiting.Remove(await Task.WhenAny(waiting));
        Assert.False(waiting[0].IsCompleted);
        semaphore.Release();
        await waiting[0];
    }

    [Fact]
    public async Task Never_more_are_inside_than_permits()
    {
        using var semaphore = new SharedSemaphore(3);
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                using (await semaphore.AcquireAsync())
                {
                    var now = Interlocked.Increment(ref inside);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(3, semaphore.CurrentCount);
    }

    [Fact]
    public async Task A_canceled_waiter_takes_no_permit()
    {
        using var semaphore = new SharedSemaphore(0);
        using var cancellation = new CancellationTokenSource();
        var waiting = semaphore.AcquireAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        semaphore.Release();

        Assert.Equal(1, semaphore.CurrentCount);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        using var semaphore = new SharedSemaphore(int.MaxValue);

        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedSemaphore(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0));
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release());
    }

    [Fact]
    public async Task Disposing_ends_waits_and_leaves_holders_disposable()
    {
        var semaphore = new SharedSemaphore(1);
        var holder = semaphore.Acquire();
        var waiting = semaphore.AcquireAsync().AsTask();

        semaphore.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(() => semaphore.Release());
        Assert.Throws<ObjectDisposedException>(() => semaphore.CurrentCount);
        holder.Dispose();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
