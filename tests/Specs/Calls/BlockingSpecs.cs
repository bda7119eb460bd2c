namespace MultiProc.Specs.Calls;

public sealed class BlockingSpecs(TwoWorkers shared) : SharedPoolSpec(shared), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task Blocking_forms_do_not_need_the_synchronization_context_that_they_block()
    {
        var results = Array.Empty<int>();
        var posted = -1;
        var thread = new Thread(() =>
        {
            var context = new NeverRunning();
            SynchronizationContext.SetSynchronizationContext(context);
            results =
            [
                Pool.Apply(static (int x) => x, 1),
                Pool.Apply(static async (int x) => await Task.FromResult(x), 2),
                .. Pool.Map(static (int x) => x, [3]),
                .. Pool.StarMap(static (int x, int y) => x * y, [(2, 2)]),
            ];
            using (ProcessPool.StartAsync(0).GetAwaiter().GetResult())
            {
            }

            posted = context.Posted;
        });

        thread.Start();
        await Task.Run(thread.Join);

        Assert.Equal([1, 2, 3, 4], results);
        Assert.Equal(0, posted);
    }

    [Spec]
    public async Task Blocking_forms_do_not_deadlock_when_they_block_many_threads_of_the_thread_pool()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => Task.Run(() =>
            Pool.Apply(static (int x) => x, i) + Pool.Map(static (int x) => x, Enumerable.Range(0, i)).Length)));

        Assert.Equal(Enumerable.Range(0, 48).Select(static i => 2 * i), results);
    }

    [Spec]
    public async Task Continuations_of_a_call_may_block_and_call_again()
    {
        var chain = 0;
        for (var i = 0; i < 20; i++)
        {
            chain = await Pool.ApplyAsync(static (int x) => x + 1, chain).ContinueWith(
                call => Pool.Apply(static (int x) => x + 1, call.Result), TaskContinuationOptions.ExecuteSynchronously);
        }

        Assert.Equal(40, chain);
    }

    /// <summary>As a user interface whose thread is blocked: what is posted waits for ever.</summary>
    private sealed class NeverRunning : SynchronizationContext
    {
        private int _posted;

        public int Posted => Volatile.Read(ref _posted);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posted);
    }
}
