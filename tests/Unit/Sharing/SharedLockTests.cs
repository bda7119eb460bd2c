
namespace MultiProc.Unit.Sharing;

public sealed class SharedLockTests
{
    [Fact]
    public void A_lock_is_exclusive_until_its_holder_is_disposed()
    {
        using var shared = new SharedLock();
        var holder = shared.Acquire();

        Assert.False(holder.WasAbandoned);
        Assert.Null(shared.TryAcquire());
        holder.Dispose();

        using var next = shared.TryAcquire();
        Assert.NotNull(next);
    }

    [Fact]
    public void Disposing_a_holder_twice_releases_once()
    {
        using var shared = new SharedLock();
        var first = shared.Acquire();
        first.Dispose();
        using var second = shared.Acquire();

        first.Dispose();

        Assert.Null(shared.TryAcquire());
    }

    [Fact]
    public async Task A_holder_may_be_disposed_by_another_thread()
    {
        using var shared = new SharedLock();
        var holder = await shared.AcquireAsync();
        var thread = new Thread(holder.Dispose);
        thread.Start();
        thread.Join();

        using var next = shared.TryAcquire();

        Assert.NotNull(next);
    }

    [Fact]
    public async Task Threads_and_tasks_of_one_process_exclude_each_other()
    {
        using var shared = new SharedLock();
        var count = 0;
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                using (await shared.AcquireAsync())
                {
                    count++;
                }
            }
        }));
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 2_000; i++)
                {
                    using (shared.Acquire())
                    {
                        count++;
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        await Task.WhenAll(tasks.Concat(threads));

        Assert.Equal(12_000, count);
    }

    [Fact]
    public async Task Asynchronous_waiters_are_served_in_the_order_they_came()
    {
        using var shared = new SharedLock();
        var holder = shared.Acquire();
        var waiting = Enumerable.Range(0, 20).Select(_ => shared.AcquireAsync().AsTask()).ToArray();
        holder.Dispose();

        for (var i = 0; i < waiting.Length; i++)
        {
            using (await waiting[i])
            {
                Assert.All(waiting[(i + 1)..], later => Assert.False(later.IsCompleted));
            }
        }
    }

    [Fact]
    public async Task A_waiter_can_be_canceled_while_others_stay()
    {
        using var shared = new SharedLock();
        var holder = shared.Acquire();
        using var cancellation = new CancellationTokenSource();
        var first = shared.AcquireAsync().AsTask();
        var canceled = shared.AcquireAsync(cancellation.Token).AsTask();
        var last = shared.AcquireAsync().AsTask();

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.False(first.IsCompleted);
        holder.Dispose();
        (await first).Dispose();
        (await last).Dispose();
    }

    [Fact]
    public async Task Cancellations_in_the_middle_of_contention_lose_neither_the_lock_nor_a_waiter()
    {
        using var shared = new SharedLock();
        var acquired = 0;
        var canceled = 0;
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 6).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 200; i++)
            {
                using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 4)));
                try
                {
                    using (await shared.AcquireAsync(random.Next(3) == 0 ? CancellationToken.None : cancellation.Token))
                    {
                        Assert.Equal(1, Interlocked.Increment(ref inside));
                        Interlocked.Increment(ref acquired);
                        await Task.Delay(random.Next(2));
                        Interlocked.Decrement(ref inside);
                    }
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref canceled);
                }
            }
        })));

        Assert.Equal(1_200, acquired + canceled);
        using var last = shared.TryAcquire();
        Assert.NotNull(last);
    }

    [Fact]
    public void A_blocked_thread_can_be_canceled()
    {
        using var shared = new SharedLock();
        using var holder = shared.Acquire();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.Throws<OperationCanceledException>(() => shared.Acquire(cancellation.Token));
    }

    [Fact]
    public async Task A_signalled_token_is_obeyed_even_if_the_lock_is_free()
    {
        using var shared = new SharedLock();

        Assert.Throws<OperationCanceledException>(() => shared.Acquire(new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await shared.AcquireAsync(new CancellationToken(canceled: true)));
        using var holder = shared.TryAcquire();
        Assert.NotNull(holder);
    }

    [Fact]
    public void Every_member_of_a_disposed_lock_throws()
    {
        var shared = new SharedLock();
        shared.Dispose();
        shared.Dispose();

        Assert.Throws<ObjectDisposedException>(() => shared.Acquire());
        Assert.Throws<ObjectDisposedException>(() => shared.TryAcquire());
        Assert.Throws<ObjectDisposedException>(() => { _ = shared.AcquireAsync().AsTask(); });
        Assert.Throws<ObjectDisposedException>(() => Attached.HandleOf(shared));
    }

    [Fact]
    public async Task Disposing_ends_waits_and_leaves_holders_releasable()
    {
        var shared = new SharedLock();
        var holder = shared.Acquire();
        var asynchronous = shared.AcquireAsync().AsTask();
        var blocking = Task.Factory.StartNew(() => { _ = shared.Acquire(); }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        shared.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => asynchronous);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => blocking);
        holder.Dispose();
    }

    [Fact]
    public void A_negative_time_limit_is_refused()
    {
        using var shared = new SharedLock();

        Assert.Throws<ArgumentOutOfRangeException>(() => shared.TryAcquire(TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public void One_handle_is_one_object()
    {
        using var shared = new SharedLock();

        Assert.Same(shared, Attached.Again(shared));
    }

    [Fact]
    public void The_lock_of_a_value_crosses_alone_and_is_the_same()
    {
        using var value = new SharedValue<int>();

        Assert.Same(value.Lock, Attached.Again(value.Lock));
        value.Lock.Dispose();
        using var holder = value.Lock.Acquire();
        Assert.NotNull(holder);
    }

    [Fact]
    public void The_lock_of_a_value_that_was_disposed_here_is_not_found_again()
    {
        var value = new SharedValue<int>();
        var handle = Attached.HandleOf(value.Lock);
        var kept = value.Lock;
        value.Dispose();

        Assert.Throws<InvalidOperationException>(() => Attached.By<SharedLock>(handle));
        GC.KeepAlive(kept);
    }

    [Fact]
    public void The_handle_of_another_type_is_refused()
    {
        using var signal = new SharedEvent();
        var handle = Attached.HandleOf(signal);

        Assert.Throws<InvalidOperationException>(() => Attached.By<SharedSemaphore>(handle));
        Assert.Throws<InvalidOperationException>(() => Attached.By<SharedLock>(handle));
        Assert.Throws<InvalidOperationException>(() => Attached.By<SharedLock>(handle + "#0"));
        Assert.Throws<ArgumentException>(() => Attached.By<SharedLock>("nonsense"));
    }

    [Fact]
    public async Task A_lock_that_nothing_refers_to_any_more_still_serves_those_who_have_its_handle()
    {
        var handle = CreateAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        using var shared = Attached.By<SharedLock>(handle);

        using (await shared.AcquireAsync())
        {
            Assert.Null(shared.TryAcquire());
        }

        static string CreateAndForget() => Attached.HandleOf(new SharedLock());
    }
}
