using System.Collections.Concurrent;

namespace MultiProc.Attacks.Application;

/// <summary>Applications that call a pool from unusual places: contexts and schedulers of their own, threads that are interrupted, a thread pool that is blocked.</summary>
public sealed class SurroundingsSpecs : PoolSpec
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Spec]
    public Task A_pool_lives_and_ends_on_a_thread_whose_synchronization_context_never_runs_anything() =>
        OnThreadAsync(static () =>
        {
            SynchronizationContext.SetSynchronizationContext(new DeafContext());
            LiveBlocking();
        });

    [Spec]
    public async Task A_pool_lives_and_ends_on_a_task_scheduler_that_runs_one_task_at_a_time()
    {
        var alone = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        await Task.Factory.StartNew(LiveBlocking, CancellationToken.None, TaskCreationOptions.None, alone).WaitAsync(MaxWait, CancellationToken.None);
        await Task.Factory.StartNew(LiveAsync, CancellationToken.None, TaskCreationOptions.None, alone).Unwrap().WaitAsync(MaxWait, CancellationToken.None);
    }

    [Spec]
    public async Task Continuations_that_block_every_thread_of_the_thread_pool_keep_no_call_from_ending()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        using var release = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 4 * Environment.ProcessorCount)
            .Select(i => pool.ApplyAsync(static (int i) => i, i).ContinueWith(_ => release.Wait(CancellationToken.None), TaskContinuationOptions.ExecuteSynchronously))
            .ToArray();
        try
        {
            await OnThreadAsync(() => Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(i, pool.Apply(static (int i) => i, i))));
        }
        finally
        {
            release.Set();
            await Task.WhenAll(blocked);
        }
    }

    [Spec]
    public async Task A_thread_that_is_interrupted_again_and_again_while_it_calls_leaves_no_call_without_an_end()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2 });
        var calls = new ConcurrentQueue<Task<int>>();
        var isOver = false;
        var victims = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    for (var i = 0; i < 50; i++)
                    {
                        calls.Enqueue(pool.ApplyAsync(static (int i) => i, i, i % 7 == 0 ? new CallOptions { Timeout = TimeSpan.FromSeconds(30) } : null));
                    }

                    pool.Apply(static (int i) => i, 1);
                    Thread.Sleep(1);
                }
                catch (ThreadInterruptedException)
                {
                    // That is what it is about.
                }
            }
        })
        { IsBackground = true }).ToList();
        victims.ForEach(static victim => victim.Start());
        for (var round = 0; round < 300; round++)
        {
            victims.ForEach(static victim => victim.Interrupt());
            await Task.Delay(2, CancellationToken.None);
        }

        Volatile.Write(ref isOver, true);
        Assert.All(victims, static victim => Assert.True(victim.Join(MaxWait)));

        // A worker may have been lost to an interruption, but then its call says so.
        await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(MaxWait, CancellationToken.None);
        Assert.All(calls, static call => Assert.True(call.IsCompletedSuccessfully || call.Exception?.InnerException is WorkerLostException, call.Exception?.ToString()));
        Assert.Equal(1, await pool.RunAsync(static () => 1).WaitAsync(MaxWait, CancellationToken.None));
        pool.Close();
        await pool.JoinAsync(CancellationToken.None).WaitAsync(MaxWait, CancellationToken.None);
    }

    [Spec]
    public async Task A_call_that_a_thread_waits_for_goes_on_when_that_is_interrupted()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        using var isThere = new ManualResetEventSlim();
        Exception? thrown = null;
        var waiting = new Thread(() =>
        {
            isThere.Set();
            thrown = Record.Exception(() => pool.Apply(static (int milliseconds) => Thread.Sleep(milliseconds), 300));
        });
        waiting.Start();
        isThere.Wait(CancellationToken.None);
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 1);

        waiting.Interrupt();

        Assert.True(waiting.Join(MaxWait));
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
        Assert.Equal((2, 0), (pool.Statistics.Completed, pool.Statistics.WorkersRestarted));
    }

    [Spec]
    public async Task A_function_that_runs_out_of_memory_fails_its_own_call()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, EnvironmentVariables = new Dictionary<string, string?> { ["DOTNET_GCHeapHardLimit"] = "0x8000000" } });

        await Assert.ThrowsAsync<OutOfMemoryException>(() => pool.RunAsync(static () => new long[Array.MaxLength].Length + new long[Array.MaxLength].Length));

        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    private static void LiveBlocking()
    {
        using var pool = ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, Output = static _ => { } }).GetAwaiter().GetResult();
        Assert.Equal(2, pool.Apply(static (int i) => i + 1, 1));
        Assert.Equal([2, 3], pool.Map(static i => i + 1, Enumerable.Range(1, 2)));
        Assert.Equal(2, pool.RunAsync(static () => 2).GetAwaiter().GetResult());
        Assert.Throws<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)).GetAwaiter().GetResult());
        Assert.Throws<CallTimeoutException>(
            () => pool.RunAsync(static (CancellationToken token) => token.WaitHandle.WaitOne(), new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) }).GetAwaiter().GetResult());
        pool.ResizeAsync(1).GetAwaiter().GetResult();
        pool.Close();
        pool.JoinAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private static async Task LiveAsync()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        Assert.Equal(2, await pool.ApplyAsync(static (int i) => i + 1, 1));
        var incremented = await pool.MapAsync(static i => i + 1, Enumerable.Range(1, 2));
        Assert.Equal([2, 3], incremented);
        var sum = 0;
        await foreach (var square in pool.MapStreamAsync(static i => i * i, Enumerable.Range(1, 3)))
        {
            sum += square;
        }

        Assert.Equal(14, sum);
    }

    private static async Task OnThreadAsync(Action action)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                action();
                ended.SetResult();
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        })
        { IsBackground = true }.Start();
        await ended.Task.WaitAsync(MaxWait, CancellationToken.None);
    }

    /// <summary>Takes everything, and runs nothing.</summary>
    private sealed class DeafContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public override SynchronizationContext CreateCopy() => this;
    }
}
